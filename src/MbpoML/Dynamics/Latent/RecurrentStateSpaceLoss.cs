using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>The losses of an update, each the mean over the steps of all chunks, a tensor without dimensions.</summary>
/// <param name="Frame">See <see cref="RecurrentStateSpaceLosses.Frame"/>.</param>
/// <param name="Reward">See <see cref="RecurrentStateSpaceLosses.Reward"/>.</param>
/// <param name="Divergence">See <see cref="RecurrentStateSpaceLosses.Divergence"/>.</param>
/// <param name="AboveFree">See <see cref="RecurrentStateSpaceLosses.AboveFree"/>.</param>
/// <param name="RewardScale">How much the reward counts.</param>
/// <param name="DivergenceScale">How much the divergence counts.</param>
internal sealed record RecurrentStateSpaceLoss(
    Tensor Frame, Tensor Reward, Tensor Divergence, Tensor AboveFree, double RewardScale, double DivergenceScale)
{
    /// <summary>What is minimised.</summary>
    public Tensor Total { get; } = Frame.Plus(Reward.Times(RewardScale)).Plus(AboveFree.Times(DivergenceScale));
}
