namespace MbpoML.Training;

/// <summary>What goes on beside the policy updates, on a thread of its own.</summary>
/// <remarks>When its results are taken is fixed, so what a run learns does not depend on how fast it is. See docs/options.md for the schedule.</remarks>
public enum OverlappedStages
{
    /// <summary>Everything one after the other, as in the paper.</summary>
    None = 0,

    /// <summary>
    /// The environment makes its next step while the policy is updated. The action of a step is drawn before the updates of the step before, so the policy that
    /// acts is one step older. The environment has a thread of its own for it, which also makes its resets, evaluations and states.
    /// </summary>
    Environment = 1,
}
