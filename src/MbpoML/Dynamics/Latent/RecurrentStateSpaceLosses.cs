using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>
/// The losses of the recurrent state-space model (D. Hafner et al., "Learning Latent Dynamics for Planning from Pixels", ICML 2019, arXiv:1811.04551), as the
/// official code has them: each gives one number for each step of each chunk, of which the mean is taken.
/// </summary>
internal static class RecurrentStateSpaceLosses
{
    /// <summary>½ Σ (x - x̂)² over the pixels: -log p of a normal distribution of variance 1, without its constant.</summary>
    /// <param name="frame">x, [rows, channels, height, width]</param>
    /// <param name="predicted">x̂, the same shape.</param>
    /// <returns>[rows]</returns>
    // Other code leaves the ½ out, so that the divergence counts half as much there.
    public static Tensor Frame(Tensor frame, Tensor predicted) => (frame - predicted).Squared().sum([1L, 2L, 3L]).Times(0.5);

    /// <summary>½ (r - r̂)², for the same reason.</summary>
    /// <param name="reward">r, [rows]</param>
    /// <param name="predicted">r̂, [rows]</param>
    /// <returns>[rows]</returns>
    public static Tensor Reward(Tensor reward, Tensor predicted) => (reward - predicted).Squared().Times(0.5);

    /// <summary>KL(q ‖ p) of normal distributions with independent dimensions: Σ log σp/σq + (σq² + (μq - μp)²) / 2σp² - ½.</summary>
    /// <param name="posterior">q, whose mean and standard deviation are [rows, stochastic].</param>
    /// <param name="prior">p, of the same shapes. The gradient goes into both.</param>
    /// <returns>[rows]</returns>
    public static Tensor Divergence(LatentNormal posterior, LatentNormal prior)
    {
        var spread = posterior.Deviation.Squared().Plus((posterior.Mean - prior.Mean).Squared()) / prior.Deviation.Squared().Times(2);
        return (prior.Deviation.log() - posterior.Deviation.log()).Plus(spread).Plus(-0.5).sum([1L]);
    }

    /// <summary>max(0, KL - nats): what is free is free for each step of each chunk. Of a mean over them, a few long steps would pay for all.</summary>
    /// <param name="divergence">[rows]</param>
    /// <param name="nats">At least 0.</param>
    /// <returns>[rows]</returns>
    public static Tensor AboveFree(Tensor divergence, double nats) => divergence.Plus(-nats).NotBelow(0);
}
