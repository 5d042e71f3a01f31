namespace MbpoML.Training.Metrics;

/// <summary>The names of the metrics that the trainer itself measures; stages add their own. docs/metrics.md explains each.</summary>
public static class MetricNames
{
    /// <summary>Mean undiscounted return of the evaluation episodes.</summary>
    public const string EvaluationReturnMean = "evaluation/return-mean";

    /// <summary>Population standard deviation of those returns.</summary>
    public const string EvaluationReturnStandardDeviation = "evaluation/return-std";

    /// <summary>Lowest of those returns.</summary>
    public const string EvaluationReturnMinimum = "evaluation/return-min";

    /// <summary>Highest of those returns.</summary>
    public const string EvaluationReturnMaximum = "evaluation/return-max";

    /// <summary>Mean number of steps of the evaluation episodes.</summary>
    public const string EvaluationLengthMean = "evaluation/length-mean";

    /// <summary>Mean return of the training episodes that ended in the epoch; absent when none did.</summary>
    public const string TrainingReturnMean = "training/return-mean";

    /// <summary>Training episodes finished since the run began.</summary>
    public const string TrainingEpisodes = "training/episodes";

    /// <summary>
    /// Training episodes that ended because the run was stopped inside them and the environment could not be put back; absent while there were none.
    /// </summary>
    public const string TrainingCutEpisodes = "training/cut-episodes";

    /// <summary>Episodes dropped because the environment failed, since the run began; evaluations that failed count as one each.</summary>
    public const string TrainingFailedEpisodes = "training/failed-episodes";

    /// <summary>What the policy that was kept last earned in the training episode that it was judged by; absent where none was kept.</summary>
    public const string KeptReturn = "policy/kept-return";

    /// <summary>Policy updates since the run began.</summary>
    public const string TrainingUpdates = "training/updates";

    /// <summary>The length k of the rollouts last branched.</summary>
    public const string RolloutLength = "rollout/length";

    /// <summary>Transitions a rollout that were really made, terminations and stops considered.</summary>
    public const string RolloutMeanLength = "rollout/mean-length";

    /// <summary>Part of the rollouts that ended because the imagined task terminated.</summary>
    public const string RolloutTerminated = "rollout/terminated-fraction";

    /// <summary>Part of the rollouts that the stopping rule ended.</summary>
    public const string RolloutStopped = "rollout/stopped-fraction";

    /// <summary>ε_m′, the model's error on transitions that it had not seen, as last measured; absent where the schedule does not ask for it.</summary>
    public const string RolloutModelError = "rollout/model-error";

    /// <summary>ε_π, the policy's distance from those that collected the data, as last measured; absent where the schedule does not ask for it.</summary>
    public const string RolloutPolicyShift = "rollout/policy-shift";

    /// <summary>ε_m, the model's error on the transitions that it was fitted to, as last measured; absent where the schedule does not ask for it.</summary>
    public const string RolloutErrorOnData = "rollout/model-error-on-data";

    /// <summary>
    /// dε_m′/dε_π, how fast the model's error grows with the policy's shift, as last measured; absent where the schedule does not ask for it.
    /// </summary>
    public const string RolloutErrorSlope = "rollout/error-slope";

    /// <summary>r_max, the largest absolute reward in the real pool, as last measured; absent where the schedule does not ask for it.</summary>
    public const string RolloutMaxReward = "rollout/largest-reward";

    /// <summary>What the model promises from the starts of the evaluation's episodes, over the first steps: mean return of imagined rollouts.</summary>
    public const string ModelReturnMean = "model/return-mean";

    /// <summary>What it promises beyond what the environment gave there.</summary>
    public const string ModelReturnExcess = "model/return-excess";

    /// <summary>The population standard deviation of that excess over the rollouts.</summary>
    public const string ModelReturnDeviation = "model/return-deviation";

    /// <summary>Imagined rollouts that left the range of numbers, as a part of all; they count in none of the others.</summary>
    public const string ModelReturnDiverged = "model/return-diverged";

    /// <summary>Imagined rollouts that promise more than their steps could give by the highest reward seen, as a part of all.</summary>
    public const string ModelReturnImpossible = "model/return-impossible";

    /// <summary>1 where the model promises far more than the environment gives, so that the policy may be exploiting its errors; else 0.</summary>
    public const string ModelExploitation = "model/exploitation";

    /// <summary>Imagined transitions in the model pool.</summary>
    public const string ModelPoolCount = "rollout/pool-count";

    /// <summary>Seconds since the run began.</summary>
    public const string TotalSeconds = "time/total-seconds";

    /// <summary>Seconds since the run began that went into fitting the model.</summary>
    public const string ModelSeconds = "time/model-seconds";

    /// <summary>Seconds since the run began that went into rollouts.</summary>
    public const string RolloutSeconds = "time/rollout-seconds";

    /// <summary>Seconds since the run began that went into policy updates, their sampling included.</summary>
    public const string PolicySeconds = "time/policy-seconds";

    /// <summary>Seconds since the run began that went into the environment, the policy's actions included.</summary>
    public const string EnvironmentSeconds = "time/environment-seconds";

    /// <summary>Seconds since the run began that went into evaluation.</summary>
    public const string EvaluationSeconds = "time/evaluation-seconds";
}
