using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Tests.Environments;
using MbpoML.Tests.Fakes;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Imagined episodes with settings and views that cannot be right.</summary>
internal static class EpisodeRolloutCases
{
    private const string Alone = "RolloutCatalog.Episodes(ITransformer, IPolicy, EpisodeRolloutEstimator.Options)";
    private const string Fit = "EpisodeRolloutEstimator.Fit(IDataView)";
    private const string Transform = "EpisodeRolloutTransformer.Transform(IDataView)";

    private static readonly OptionCases<EpisodeRolloutEstimator.Options> Options = new(
        "EpisodeRolloutEstimator.Options", options => Samples.Rl.Rollouts.Episodes(Samples.Dynamics, Samples.SmallPolicy, options));

    private static readonly OptionCases<EpisodeRollouts.Options> Stage = new("EpisodeRollouts.Options", options => Samples.Rl.Rollouts.Episodes(options));

    public static IEnumerable<BadCase> All =>
    [
        Options.AtLeast(1, "Length", (options, value) => options.Length = value),
        Options.AtLeast(1, "Episodes", (options, value) => options.Episodes = value),
        Options.Refused<ArgumentOutOfRangeException>("Starts", "undefined", options => options.Starts = (StartStates)9, "Resets"),
        Options.Refused<ArgumentOutOfRangeException>("Propagation", "undefined", options => options.Propagation = (Propagation)9, "Fused"),
        Options.Refused<ArgumentNullException>("Environment", "none to be reset", options => options.Starts = StartStates.Resets, "Resets"),
        Options.Refused<ArgumentNullException>("Columns", "null", options => options.Columns = null!),
        Options.Refused<ArgumentException>("Columns", "a name used twice", options => options.Columns = new() { Action = "Reward" }, "'Reward'"),
        Stage.Refused<ArgumentOutOfRangeException>("Starts", "undefined", options => options.Starts = (StartStates)9, "Resets"),
        Stage.AtLeast(1, "StartCount", (options, value) => options.StartCount = value),
        Stage.Refused<ArgumentOutOfRangeException>("Propagation", "undefined", options => options.Propagation = (Propagation)9, "Fused"),
        Bad<ArgumentOutOfRangeException>(
            "RolloutCatalog.Episodes(EpisodeRollouts.Options)", "no starts", () => Samples.Rl.Rollouts.Episodes(new EpisodeRollouts.Options { StartCount = 0 }),
            "StartCount"),
        Bad<ArgumentNullException>(Alone, "no dynamics", () => Samples.Rl.Rollouts.Episodes(null!, Samples.SmallPolicy), "dynamics"),
        Bad<ArgumentNullException>(Alone, "no policy", () => Samples.Rl.Rollouts.Episodes(Samples.Dynamics, null!), "policy"),
        Bad<ArgumentException>(Alone, "an environment of other sizes", () => Samples.Rl.Rollouts.Episodes(
            Samples.Dynamics, Samples.SmallPolicy, new() { Starts = StartStates.Resets, Environment = new LineEnvironment() }), "1 observations"),
        Bad<ArgumentNullException>(Fit, "null", () => Estimator().Fit(null!), "input"),
        Bad<ArgumentOutOfRangeException>(Fit, "no actions", () => Estimator().Fit(Samples.View(without: "Action")), "'Action'"),
        Bad<ArgumentException>(Fit, "a policy of other sizes",
            () => Samples.Rl.Rollouts.Episodes(Samples.Dynamics, Samples.Policy).Fit(Samples.View()), "3 observations", "2 observations"),
        Bad<ArgumentOutOfRangeException>(
            "EpisodeRolloutEstimator.GetOutputSchema(SchemaShape)", "no observations", () => Estimator().GetOutputSchema(new SchemaShape([])), "Observation"),
        Bad<ArgumentNullException>("EpisodeRolloutEstimator.GetOutputSchema(SchemaShape)", "null", () => Estimator().GetOutputSchema(null!), "inputSchema"),
        Bad<ArgumentNullException>("EpisodeRolloutTransformer.GetOutputSchema(DataViewSchema)", "null", () => Made().GetOutputSchema(null!), "inputSchema"),
        Bad<ArgumentNullException>(Transform, "null", () => Made().Transform(null!), "input"),
        Bad<ArgumentException>(Transform, "NaN", () => Made().Transform(Samples.View(odd: float.NaN)), "'Observation'", "NaN in row 5"),
        Bad<ArgumentException>(Transform, "no rows", () => Made().Transform(Samples.View(0)), "no rows"),
        Bad<EnvironmentException>(Transform, "an environment whose reset fails", () => Samples.Rl.Rollouts.Episodes(
            Samples.Dynamics, Samples.SmallPolicy,
            new() { Starts = StartStates.Resets, Environment = new ScriptedEnvironment { SecondObservation = _ => double.NaN } })
                .Fit(Samples.View()).Transform(Samples.View()), "NaN"),
        Bad<InvalidOperationException>(Transform, "a reward that is NaN", () => Samples.Rl.Rollouts.Episodes(
            Samples.Dynamics, Samples.SmallPolicy,
            new() { Length = 1, Reward = RewardFunction.FromTensors((_, _, next) => next.select(1, 0) * double.NaN) })
                .Fit(Samples.View()).Transform(Samples.View()), "reward function"),
        Bad<InvalidOperationException>(
            "EpisodeRolloutTransformer.GetRowToRowMapper(DataViewSchema)", "any schema", () => Made().GetRowToRowMapper(null!), "Transform"),
        Bad<NotSupportedException>(
            "EpisodeRolloutTransformer.Save(ModelSaveContext)", "any context", () => ((ICanSaveModel)Made()).Save(null!), "Save the policy"),
    ];

    private static EpisodeRolloutEstimator Estimator() => Samples.Rl.Rollouts.Episodes(Samples.Dynamics, Samples.SmallPolicy, new() { Length = 2, Seed = 1 });

    private static EpisodeRolloutTransformer Made() => Estimator().Fit(Samples.View());
}
