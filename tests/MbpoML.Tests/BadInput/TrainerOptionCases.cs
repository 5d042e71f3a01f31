using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Environments.Tasks;
using MbpoML.Tests.Environments;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Watches;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Bad settings of the training loop and of its checkpoints.</summary>
internal static class TrainerOptionCases
{
    private static readonly OptionCases<TrainingOptions> Run = new("TrainingOptions", options => Samples.Rl.Train(Samples.Environment(), options, _ => null!));
    private static readonly OptionCases<MbpoTrainer.Options> Loop = new("MbpoTrainer.Options", options => Samples.Rl.Mbpo(Samples.Environment(), options));
    private static readonly OptionCases<Checkpointing> Checkpoints = new("Checkpointing", options =>
    {
        if (options.Folder == "") options.Folder = "run";
        options.Validate();
    });

    public static IEnumerable<BadCase> All =>
    [
        Run.AtLeast(1, "Steps", (options, value) => options.Steps = value),
        Run.AtLeast(1, "EpochLength", (options, value) => options.EpochLength = value),
        Run.AtLeast(0, "InitialExplorationSteps", (options, value) => options.InitialExplorationSteps = value),
        Run.AtLeast(1, "ExplorationActionHold", (options, value) => options.ExplorationActionHold = value),
        Run.Refused<ArgumentOutOfRangeException>(
            "ExplorationNoise", "undefined", options => options.ExplorationNoise = (ExplorationNoise)9, "Actual value was 9", "White, Pink"),
        Loop.Refused<ArgumentException>("UpdatesFollowPool", "a pool that fills up", options => options.UpdatesFollowPool = true, "DropsByAge"),
        Loop.AtLeast(1, "ModelTrainingInterval", (options, value) => options.ModelTrainingInterval = value),
        Loop.AtLeast(0, "UpdatesPerStep", (options, value) => options.UpdatesPerStep = value),
        Loop.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        .. Loop.Numbers("RealRatio", (options, value) => options.RealRatio = value, -0.1, 1.1, double.NaN, double.PositiveInfinity),
        Run.AtLeast(1, "RealPoolCapacity", (options, value) => options.RealPoolCapacity = value),
        Run.AtLeast(1, "MaxEpisodeSteps", (options, value) => options.MaxEpisodeSteps = value),
        Run.AtLeast(1, "TrainingEpisodeSteps", (options, value) => options.TrainingEpisodeSteps = value),
        Run.AtLeast(1, "WholeEpisodeInterval", (options, value) => options.WholeEpisodeInterval = value),
        Run.AtLeast(0, "EvaluationEpisodes", (options, value) => options.EvaluationEpisodes = value),
        Run.AtLeast(0, "ModelReturnRollouts", (options, value) => options.ModelReturnRollouts = value),
        Run.AtLeast(1, "ModelReturnSteps", (options, value) => options.ModelReturnSteps = value),
        Run.AtLeast(1, "Threads", (options, value) => options.Threads = value),
        Run.Refused<ArgumentException>(
            "EvaluationEnvironment", "of other sizes", options => options.EvaluationEnvironment = new PendulumEnvironment(), "3 observations", "has 2 and 1"),
        Run.Refused<ArgumentException>("EvaluationEnvironment", "without spaces",
            options => options.EvaluationEnvironment = new ScriptedEnvironment { ActionSpace = null! }, "ActionSpace is null"),
        Run.Refused<ArgumentOutOfRangeException>(
            "EnvironmentsAtOnce", "none", options => options.EnvironmentsAtOnce = 0, "between 1 and 1000", "Actual value was 0"),
        Bad<ArgumentException>(
            "TrainingOptions.EnvironmentsAtOnce", "without the others", () => Samples.Rl.Mbpo(
                Samples.Environment(), new MbpoTrainer.Options { EnvironmentsAtOnce = 3 }).Fit(), "must have 2", "has 0"),
        Run.Refused<ArgumentNullException>("MoreEnvironments", "null", options => options.MoreEnvironments = null!),
        Bad<ArgumentException>(
            "TrainingOptions.MoreEnvironments", "one too many", () => Samples.Rl.Mbpo(
                Samples.Environment(), new MbpoTrainer.Options { MoreEnvironments = [Samples.Environment()] }).Fit(), "EnvironmentsAtOnce is 1", "has 1"),
        Run.Refused<ArgumentException>(
            "MoreEnvironments", "of other sizes",
            options => (options.EnvironmentsAtOnce, options.MoreEnvironments) = (2, [new PendulumEnvironment()]), "3 observations", "has 2 and 1"),
        Run.Refused<ArgumentException>("MoreEnvironments", "twice the same", Twice, "MoreEnvironments has an environment twice"),
        Run.Refused<ArgumentOutOfRangeException>("Overlap", "undefined", options => options.Overlap = (OverlappedStages)4, "Actual value was 4", "Environment"),
        Run.Refused<ArgumentException>("Device", "unknown", options => options.Device = "gpu", "'gpu'", "'cpu'"),
        Run.Refused<ArgumentException>("Device", "empty", options => options.Device = "", "''"),
        Run.Refused<ArgumentNullException>("Columns", "null", options => options.Columns = null!),
        Run.Refused<ArgumentException>(
            "Columns", "a name used twice", options => options.Columns = new TransitionColumns { Action = "Observation" }, "Observation and Action"),
        Run.Refused<ArgumentNullException>("MetricsWriters", "null", options => options.MetricsWriters = null!),
        Run.Refused<ArgumentException>("MetricsWriters", "a writer that is null", options => options.MetricsWriters = [null!], "writer is null"),
        Run.Refused<ArgumentOutOfRangeException>("StepTimeout", "zero", options => options.StepTimeout = TimeSpan.Zero, "above 0", "Actual value was 0"),
        Run.Refused<ArgumentOutOfRangeException>(
            "StepTimeout", "negative", options => options.StepTimeout = TimeSpan.FromMilliseconds(-1), "Actual value was -1"),
        Run.Refused<ArgumentOutOfRangeException>(
            "StepTimeout", "a month", options => options.StepTimeout = TimeSpan.FromDays(30), "Actual value was 2592000000"),
        Run.Refused<ArgumentOutOfRangeException>(
            "FailedEpisodes", "undefined", options => options.FailedEpisodes = (FailedEpisodes)9, "Actual value was 9", "Stop, Drop"),
        Run.AtLeast(1, "MaxFailedEpisodesInARow", (options, value) => options.MaxFailedEpisodesInARow = value),
        Run.Refused<ArgumentException>("Checkpoints", "without a folder", options => options.Checkpoints = new Checkpointing(), "Folder must name a folder"),
        Run.Refused<ArgumentException>("Checkpoints", "a folder beside a record",
            options => (options.Record, options.Checkpoints) = (new MemoryRecord(), new Checkpointing { Folder = "mine" }), "'mine'", "leave Folder empty"),
        Bad<InvalidOperationException>(
            "TrainingOptions.Record", "one that gives no recording", () => Samples.Rl.Mbpo(
                Samples.Environment(), new MbpoTrainer.Options { Record = new MemoryRecord { GivesNothing = true } }).Fit(), "MemoryRecord returned null"),
        Checkpoints.Refused<ArgumentException>("Folder", "null", options => options.Folder = null!, "must name a folder"),
        Checkpoints.Refused<ArgumentException>("Folder", "blank", options => options.Folder = " ", "must name a folder"),
        Checkpoints.AtLeast(1, "EverySteps", (options, value) => options.EverySteps = value),
        Checkpoints.Refused<ArgumentOutOfRangeException>("Every", "zero", options => options.Every = TimeSpan.Zero, "above 0"),
        Checkpoints.Refused<ArgumentOutOfRangeException>("Every", "negative", options => options.Every = TimeSpan.FromSeconds(-1), "Actual value was -1"),
        Checkpoints.AtLeast(1, "Keep", (options, value) => options.Keep = value),
    ];

    private static void Twice(TrainingOptions options)
    {
        var one = Samples.Environment();
        (options.EnvironmentsAtOnce, options.MoreEnvironments) = (3, [one, one]);
    }
}
