namespace MbpoML.Tests.BadInput;

/// <summary>Public members that cannot be given anything bad, and why. "Type.*" stands for all members of a type.</summary>
internal static class MembersWithoutBadInput
{
    private const string Result = "a record of results, which the library makes and only reads out";
    private const string AnySeed = "every integer is a seed, and null takes one from the context";
    private const string Flag = "true and false are both good";
    private const string NothingGiven = "nothing is given to it, and it needs no state before";
    private const string Contract = "an interface that users implement: what a wrong implementation gives back is checked where it is used";
    private const string EndsOnce = "it may be called at any time and twice, as the rows of disposed objects do";
    private const string Text = "an exception says any text and numbers";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["CheckpointException.*"] = Text,
        ["EnvironmentException.*"] = Text,
        ["TrainingCanceledException.*"] = Text,
        ["EpochMetrics.*"] = Result,
        ["TrainingProgress.*"] = Result,
        ["TrainingReport.*"] = Result,
        ["MetricsRecord.*"] = Result,
        ["DynamicsFitReport.*"] = Result,
        ["DynamicsMetrics.*"] = Result,
        ["OutputMetrics.*"] = Result,
        ["PredictionMetrics.*"] = Result,
        ["RolloutScheduleContext.*"] = Result,
        ["RolloutStatistics.*"] = Result,
        ["RolloutStep.*"] = Result,
        ["DynamicsSample.*"] = "what a user's model gives back: rollouts check the values",
        ["StepResult.*"] = "what a user's environment gives back: CheckedEnvironment checks the reward",
        ["IMetricsWriter.*"] = Contract,
        ["IRolloutSchedule.*"] = Contract,
        ["IRolloutStoppingRule.*"] = Contract,
        ["IPolicyEstimator.*"] = Contract,
        ["IEnvironment.*"] = Contract,
        ["IStatefulEnvironment.*"] = Contract,
        ["IRewardFunction.*"] = Contract,
        ["ITerminationFunction.*"] = Contract,
        ["IDenseDataView.*"] = Contract,
        ["MbpoPresets.Pendulum()"] = NothingGiven,
        ["MbpoPresets.CartPoleContinuous()"] = NothingGiven,
        ["MbpoPresets.CartPoleSwingUp()"] = NothingGiven,
        ["MbpoPresets.MountainCarContinuous()"] = NothingGiven,
        ["RandomSource(int)"] = AnySeed,
        ["RandomSource.NextUInt64()"] = NothingGiven,
        ["RandomSource.NextDouble()"] = NothingGiven,
        ["RandomSource.NextNormal()"] = NothingGiven,
        ["RandomSource.NextSeed()"] = NothingGiven,
        ["TorchRuntime.EnsureAvailable()"] = "nothing is given to it; TorchBackendTests run it without a backend",
        ["EnvironmentCatalog.*"] = Flag,
        ["PendulumEnvironment(bool)"] = Flag,
        ["CartPoleSwingUpEnvironment(bool)"] = Flag,
        ["AnalyticEnvironment.Dispose()"] = "nothing is held, so it can be used after it too",
        ["CheckedEnvironment.Dispose(bool)"] = EndsOnce,
        ["WatchedEnvironment.Dispose(bool)"] = EndsOnce,
        ["EnvironmentWrapper.Dispose()"] = EndsOnce,
        ["EnvironmentWrapper.Dispose(bool)"] = EndsOnce,
        ["CompositeMetricsWriter.Dispose()"] = EndsOnce,
        ["JsonLinesMetricsWriter.Dispose()"] = EndsOnce,
        ["TensorBoardMetricsWriter.Dispose()"] = EndsOnce,
        ["PolicyTransformer.Dispose()"] = EndsOnce,
        ["DynamicsTransformer.Dispose()"] = EndsOnce,
        ["ReplayPool.Dispose()"] = EndsOnce,
        ["TransitionTable.Dispose()"] = EndsOnce,
        ["DenseDataView.GetRowCount()"] = NothingGiven,
        ["Episode.Terminated"] = Flag,
        ["Episode.Truncated"] = Flag,
        ["Transition.Terminated"] = Flag,
        ["Transition.Truncated"] = Flag,
        ["Transition.EpisodeId"] = "every integer names an episode",
        ["MbpoTrainer.Options.Termination"] = "null takes the environment's; BranchedRolloutEstimator.Options.Termination has the rows of functions that return nonsense",
        ["MbpoTrainer.Options.Reward"] = "null takes the environment's; BranchedRolloutEstimator.Options.Reward has the rows of functions that return nonsense",
        ["BranchedRollouts.Options.StoppingRule"] = "null stops none; BranchedRolloutEstimator.Options.StoppingRule has the rows of rules that return nonsense",
        ["MbpoTrainer.Options.Progress"] = "null hears nothing, and a listener gives nothing back",
        ["MbpoTrainer.Options.Seed"] = AnySeed,
        ["BranchedRolloutEstimator.Options.Seed"] = AnySeed,
        ["PolicyTransformer.Options.Seed"] = AnySeed,
        ["SoftActorCriticTrainer.Options.Seed"] = AnySeed,
        ["ProbabilisticEnsembleTrainer.Options.Seed"] = AnySeed,
        ["PolicyTransformer.Options.Stochastic"] = Flag,
        ["SoftActorCriticTrainer.Options.StandardizeObservations"] = Flag,
        ["ProbabilisticEnsembleTrainer.Options.TargetNormalization"] = Flag,
    };
}
