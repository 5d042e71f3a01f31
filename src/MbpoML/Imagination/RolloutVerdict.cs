using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>What a rule says of one imagined step of a batch of rollouts.</summary>
/// <param name="GoesOn">bool [batch]: whether the rollout goes on behind the step; null: all do. Where it does not, the step is a truncation, so that the value
/// bootstraps from its end.</param>
/// <param name="Keeps">bool [batch]: whether the step itself becomes a transition; null: all do.</param>
/// <param name="Reward">float32 [batch]: the reward in place of the imagined one, for instance with a penalty; null: as imagined.</param>
public readonly record struct RolloutVerdict(Tensor? GoesOn = null, Tensor? Keeps = null, Tensor? Reward = null)
{
    /// <summary>bool [batch]: whether the step ends the task, as in a halt state, so that nothing bootstraps from its end; null: as imagined.</summary>
    public Tensor? Ends { get; init; }
}
