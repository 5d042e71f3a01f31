using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Tests.Environments;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Training of what cannot be trained.</summary>
internal static class TrainingCases
{
    private const string Mbpo =
        "ReinforcementCatalog.Mbpo(IEnvironment, MbpoTrainer.Options, IEstimator<ITransformer>, BranchedRollouts, IPolicyEstimator, " +
            "IProgress<TrainingProgress>)";
    private const string WithPreset = "ReinforcementCatalog.Mbpo(IEnvironment, MbpoPreset, IProgress<TrainingProgress>)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(
            "ReinforcementExtensions.Reinforcement(MLContext, ILoggerFactory)", "null", () => ((MLContext)null!).Reinforcement(), "mlContext"),
        Bad<ArgumentNullException>(Mbpo, "no environment", () => Samples.Rl.Mbpo(null!, Tiny()), "environment"),
        Bad<ArgumentException>(Mbpo, "no action space", () => Samples.Rl.Mbpo(new ScriptedEnvironment { ActionSpace = null! }, Tiny()), "environment",
            "ActionSpace is null"),
        Bad<ArgumentException>(Mbpo, "no bounds", () => Samples.Rl.Mbpo(new ScriptedEnvironment { ActionSpace = BoxSpace.Unbounded(1) }, Tiny()), "environment",
            "infinite bound"),
        Bad<ArgumentNullException>(WithPreset, "no environment", () => Samples.Rl.Mbpo(null!, new MbpoPreset()), "environment"),
        Bad<ArgumentNullException>(WithPreset, "no preset", () => Samples.Rl.Mbpo(Samples.Environment(), (MbpoPreset)null!), "preset"),
        Bad<ArgumentNullException>("Progress.Lines(TextWriter)", "null", () => Progress.Lines(null!), "writer"),
        .. Presets("Choose", MbpoPresets.Choose),
        .. Presets("Small", MbpoPresets.Small),
        .. Presets("Medium", MbpoPresets.Medium),
        Bad<ArgumentException>("MbpoTrainer.Fit()", "nothing but exploration", () => Samples.Rl.Mbpo(
            Samples.Environment(), new MbpoTrainer.Options { Steps = 5, InitialExplorationSteps = 5 }).Fit(), "5 steps", "InitialExplorationSteps"),
        Bad<ArgumentException>("MbpoTrainer.Fit()", "no data for the model",
            () => Samples.Rl.Mbpo(Samples.Environment(), new MbpoTrainer.Options { Steps = 5, InitialExplorationSteps = 0 }).Fit(), "at least 2 transitions"),
        Bad<TrainingFailedException>("MbpoTrainer.Fit()", "an environment that gives NaN",
            () => Samples.Rl.Mbpo(new ScriptedEnvironment { SecondObservation = _ => double.NaN }, Tiny()).Fit(), "episode 1", "dimension 1", "NaN"),
        Bad<InvalidOperationException>("MbpoTrainer.Fit()", "a policy estimator without a learner",
            () => Samples.Rl.Mbpo(Samples.Environment(), Tiny(), policy: new NoLearner()).Fit(), "NoLearner", "null"),
        Bad<TrainingCanceledException>(
            "TrainingOptions.CancellationToken", "cancelled before", () => Samples.Rl.Mbpo(Samples.Environment(), Cancelled()).Fit(), "0 steps"),
    ];

    public static MbpoTrainer.Options Tiny() => new() { Steps = 6, InitialExplorationSteps = 4, Seed = 1 };

    private static IEnumerable<BadCase> Presets(string name, Func<IEnvironment, MbpoPreset> make) =>
    [
        Bad<ArgumentNullException>($"MbpoPresets.{name}(IEnvironment)", "null", () => make(null!), "environment"),
        Bad<ArgumentException>($"MbpoPresets.{name}(IEnvironment)", "no action space", () => make(new ScriptedEnvironment { ActionSpace = null! }),
            "environment", "ActionSpace is null"),
    ];

    private static MbpoTrainer.Options Cancelled()
    {
        var options = Tiny();
        options.CancellationToken = new CancellationToken(canceled: true);
        return options;
    }

    /// <summary>A policy estimator that forgot to return.</summary>
    private sealed class NoLearner : IPolicyEstimator
    {
        public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null) => null!;

        public PolicyTransformer Fit(IDataView input) => null!;

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
