using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Saving;
using MbpoML.Tests.Environments;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Algorithms of one's own that cannot be run, or misuse their run.</summary>
internal static class AlgorithmCases
{
    private const string Door =
        "ReinforcementCatalog.Train(IEnvironment, TrainingOptions, Func<AlgorithmSetup, IAlgorithm>, IReadOnlyDictionary<string, Object>)";
    private const string Train = "AlgorithmTrainer.Train(IDataView)";
    private const string Resume = "AlgorithmTrainer.Resume(string)";

    private const string OwnDynamics = "ReinforcementCatalog.Mbpo(IEnvironment, MbpoTrainer.Options, IDynamicsEstimator, BranchedRollouts, IPolicyEstimator)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(OwnDynamics, "no environment", () => Samples.Rl.Mbpo(null!, new MbpoTrainer.Options(), new NoLearner()), "environment"),
        Bad<ArgumentNullException>(OwnDynamics, "no options", () => Samples.Rl.Mbpo(Samples.Environment(), null!, new NoLearner()), "options"),
        Bad<ArgumentNullException>(OwnDynamics, "no dynamics",
            () => Samples.Rl.Mbpo(Samples.Environment(), new MbpoTrainer.Options(), dynamics: (IDynamicsEstimator)null!), "dynamics"),
        Bad<InvalidOperationException>("MbpoTrainer.Train(IDataView)", "a dynamics estimator without a learner",
            () => Samples.Rl.Mbpo(Samples.Environment(), TrainingCases.Tiny(), new NoLearner()).Train(), "NoLearner", "null"),
        Bad<ArgumentNullException>(Door, "no environment", () => Samples.Rl.Train(null!, Options(), _ => null!), "environment"),
        Bad<ArgumentNullException>(Door, "no options", () => Samples.Rl.Train(Samples.Environment(), null!, _ => null!), "options"),
        Bad<ArgumentNullException>(Door, "no algorithm", () => Samples.Rl.Train(Samples.Environment(), Options(), null!), "algorithm"),
        Bad<ArgumentException>(Door, "no action space", () => Samples.Rl.Train(new ScriptedEnvironment { ActionSpace = null! }, Options(), _ => null!),
            "environment", "ActionSpace is null"),
        Bad<InvalidOperationException>(
            Train, "a function that gives no algorithm", () => Samples.Rl.Train(Samples.Environment(), Options(), _ => null!).Train(), "returned null"),
        Bad<ArgumentException>(Train, "nothing but exploration", () => Run(_ => { }, options => options.InitialExplorationSteps = 6), "6 steps",
            "InitialExplorationSteps"),
        Bad<ArgumentException>(Train, "transitions of other sizes",
            () => Trainer(_ => { }, Options())
                .Train(Samples.Rl.Data.FromTransitions([new() { Observation = [1], Action = [0], Reward = 0, NextObservation = [1] }])),
                "1 observations and 1 actions", "2 and 1"),
        Bad<ArgumentException>(Resume, "a blank path", () => Trainer(_ => { }, Options()).Resume(" "), "path"),
        Bad<ArgumentNullException>(Resume, "no path", () => Trainer(_ => { }, Options()).Resume(null!), "path"),
        Bad<CheckpointException>(Resume, "no such file", () => Trainer(_ => { }, Options()).Resume("missing.checkpoint"), "missing.checkpoint"),
        InRun("RunContext.Part(Action)", "no work", run => run.Part(null!), "work"),
        InRun("RunContext.Measure(TrainingPhase, string, Action)", "no metric", run => run.Measure(TrainingPhase.FittingModel, null!, () => { }),
            "secondsMetric"),
        InRun("RunContext.Measure(TrainingPhase, string, Action)", "no work", run => run.Measure(TrainingPhase.FittingModel, "seconds", null!), "work"),
        InRun("RunContext.Report(IReadOnlyDictionary<string, double>)", "no metrics", run => run.Report(null!), "metrics"),
        InRun("RunContext.Update(int, Action<int>)", "no update", run => run.Update(1, null!), "update"),
        InRun("RunContext.UpdateWhile(Func<bool>, Action)", "no condition", run => run.UpdateWhile(null!, () => { }), "goesOn"),
        InRun("RunContext.UpdateWhile(Func<bool>, Action)", "no update", run => run.UpdateWhile(() => false, null!), "update"),
        InRun<ArgumentOutOfRangeException>("RunContext.DrawStarts(int, int)", "none", run => run.DrawStarts(0, 1), "count"),
        InRun("RunContext.Fit(int, Action<int>)", "no update", run => run.Fit(1, null!), "update"),
    ];

    /// <summary>A dynamics estimator that forgot to return.</summary>
    private sealed class NoLearner : IDynamicsEstimator
    {
        public IDynamicsLearner CreateLearner(TransitionLayout layout, int seed, string? device = null) => null!;
    }

    private static TrainingOptions Options() => new() { Steps = 6, InitialExplorationSteps = 2, EvaluationEpisodes = 0, Seed = 1 };

    private static AlgorithmTrainer Trainer(Action<RunContext> step, TrainingOptions options) =>
        Samples.Rl.Train(Samples.Environment(), options, _ => new StillAlgorithm(Samples.SmallPolicy, () => Samples.Policy.AsDeterministic(), step));

    private static void Run(Action<RunContext> step, Action<TrainingOptions>? change = null)
    {
        var options = Options();
        change?.Invoke(options);
        Trainer(step, options).Train().Policy.Dispose();
    }

    // What a step throws is the cause of the failed run.
    private static BadCase InRun(string member, string what, Action<RunContext> step, string argument) =>
        InRun<ArgumentNullException>(member, what, step, argument);

    private static BadCase InRun<TException>(string member, string what, Action<RunContext> step, string argument)
        where TException : Exception => Bad<TException>(member, what, () =>
    {
        try
        {
            Run(step);
        }
        catch (TrainingFailedException failed)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed.InnerException!);
        }
    }, argument);
}
