using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <content>What states are worth.</content>
internal sealed partial class SacLearner : IStateValue
{
    /// <summary>min_i Q_i(s, a) of the target critics at the most likely action, with the entropy that critics count from there.</summary>
    /// <inheritdoc/>
    public Tensor Value(Tensor observation)
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(observation, ObservationSize);
        var action = SquashedGaussian.Mode(Head(observation));
        var own = observation.to(State.Device);
        if (_settings.StandardizeObservations) own = State.Observations.Apply(own);
        var input = cat([own, action], 1).unsqueeze(0).expand(2, -1, -1);
        var value = _settings.Critic.Forward(State.Targets, input).squeeze(2).amin([0L]).Over(State.RewardScale);
        return value.to(observation.device).MoveToOuterDisposeScope();
    }
}
