namespace MbpoML.Training;

/// <summary>What a training run is doing at the moment.</summary>
public enum TrainingPhase
{
    /// <summary>Taking uniformly random actions to have first data.</summary>
    Exploring,

    /// <summary>Fitting the dynamics model (stage 1).</summary>
    FittingModel,

    /// <summary>Branching imagined rollouts (stage 2).</summary>
    RollingOut,

    /// <summary>Acting in the environment and updating the policy (stage 3).</summary>
    OptimizingPolicy,

    /// <summary>Running evaluation episodes.</summary>
    Evaluating,

    /// <summary>Done.</summary>
    Finished,
}
