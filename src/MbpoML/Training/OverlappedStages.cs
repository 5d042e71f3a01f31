namespace MbpoML.Training;

/// <summary>Stages of a run that go on beside the policy updates, on threads of their own.</summary>
/// <remarks>When their results are taken is fixed, so what a run learns does not depend on how fast they are. See docs/options.md for the schedule.</remarks>
[Flags]
public enum OverlappedStages
{
    /// <summary>Everything one after the other, as in the paper.</summary>
    None = 0,

    /// <summary>
    /// The environment makes its next step while the policy is updated: the action of a step is drawn before the updates that follow the step before, so the
    /// policy that acts is one step older. The environment has a thread of its own for it, which also makes its resets, evaluations and states.
    /// </summary>
    Environment = 1,

    /// <summary>
    /// The model is refitted to a copy of the real transitions while steps and updates go on. It is handed over when rollouts are branched for the next time,
    /// <see cref="MbpoTrainer.Options.ModelTrainingInterval"/> steps later; only the first fit is waited for at once. Not together with
    /// <see cref="Policies.SoftActorCriticTrainer.Options.ValueExpansionSteps"/>, which asks the model during the updates.
    /// </summary>
    Model = 2,

    /// <summary>Both.</summary>
    All = Environment | Model,
}
