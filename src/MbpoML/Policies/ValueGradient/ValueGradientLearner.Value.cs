using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <content>What states are worth.</content>
internal sealed partial class ValueGradientLearner : IStateValue
{
    /// <summary>min_i Q_i(s, a) of the target critics at the most likely action of the policy that acts, within the bounds of values.</summary>
    /// <inheritdoc/>
    public Tensor Value(Tensor observation)
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(observation, ObservationSize);
        var (low, high) = State.Bounds.Clip;
        var action = SoftplusGaussian.Mode(Head(State.ActingActor, observation));
        var input = cat([State.Observations.Apply(observation.to(State.Device)), action], 1).unsqueeze(0).expand(_settings.CriticCount, -1, -1);
        var value = _settings.Critic.Split(State.Targets).Forward(input, BiasAddition.AfterProduct, null).squeeze(2);
        var least = value.Times(State.Bounds.Width).Plus(State.Bounds.Center).amin([0L]).Clamped(low, high);
        return least.to(observation.device).MoveToOuterDisposeScope();
    }
}
