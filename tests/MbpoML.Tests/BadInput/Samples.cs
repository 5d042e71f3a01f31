using MbpoML.Acting;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Policies.ValueGradient;
using MbpoML.Tests.Environments;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Tests.BadInput;

/// <summary>Good objects to misuse: 2 observations and 1 action, unless said otherwise. What is expensive is made once.</summary>
internal static partial class Samples
{
    public static MLContext ML { get; } = new(seed: 1);

    public static ReinforcementCatalog Rl { get; } = ML.Reinforcement();

    private static readonly Lazy<HomoscedasticTransformer> FittedHomoscedastic = new(() => Rl.Dynamics.HomoscedasticEnsemble(TinyHomoscedastic()).Fit(View()));
    private static readonly Lazy<DynamicsTransformer> FittedDynamics = new(() => Rl.Dynamics.ProbabilisticEnsemble(TinyEnsemble()).Fit(View()));
    private static readonly Lazy<PolicyTransformer> FittedPolicy = new(() => PolicyFixture.Policy());

    public static BoxSpace Actions { get; } = BoxSpace.Uniform(1, -1, 1);

    public static DynamicsTransformer Dynamics => FittedDynamics.Value;

    public static HomoscedasticTransformer Homoscedastic => FittedHomoscedastic.Value;

    /// <summary>3 observations, 2 actions.</summary>
    public static PolicyTransformer Policy => FittedPolicy.Value;

    public static IPolicy SmallPolicy { get; } = new NoisyPolicy(2, 1, 0.1f, 0.1f);

    public static IEnvironment Environment() => new ScriptedEnvironment();

    public static HomoscedasticEnsembleTrainer.Options TinyHomoscedastic() => new() { MemberCount = 2, HiddenSizes = [4], FirstOptimizerSteps = 2, Seed = 1 };

    public static ProbabilisticEnsembleTrainer.Options TinyEnsemble() => new() { MemberCount = 2, EliteCount = 1, HiddenSizes = [4], MaxEpochs = 2, Seed = 1 };

    public static SoftActorCriticTrainer.Options TinyActorCritic() => new() { HiddenSizes = [4], BatchSize = 4, Updates = 3, Seed = 1 };

    public static ValueGradientTrainer.Options TinyGradient() =>
        new()
        {
            ActorHiddenSizes = [4],
            CriticHiddenSizes = [4],
            Critics = 2,
            BatchSize = 4,
            Horizon = 1,
            Updates = 3,
            Seed = 1,
            Dynamics = Rl.Dynamics.ProbabilisticEnsemble(TinyEnsemble())
        };

    /// <summary>A run of 6 steps with every stage in it.</summary>
    public static MbpoPreset TinyPreset() => new()
    {
        Trainer = new()
        {
            Steps = 6,
            InitialExplorationSteps = 3,
            ModelTrainingInterval = 1,
            UpdatesPerStep = 1,
            BatchSize = 4,
            EvaluationEpisodes = 0,
            Seed = 1
        },
        Dynamics = TinyEnsemble(),
        Rollouts = new() { BatchSize = 4 },
        Policy = TinyActorCritic(),
    };

    /// <summary>Transitions with one column left out or put in by other hands.</summary>
    public static DenseDataView View(int rows = 6, string? without = null, Action<DenseDataView.Builder>? with = null, float odd = 0)
    {
        float[] Values(int width) => [.. Enumerable.Range(0, rows * width).Select(index => 0.1f * ((index * 7) % 11) - 0.5f)];
        var builder = new DenseDataView.Builder();
        if (without != "Observation") builder.AddVector("Observation", 2, WithLast(Values(2), odd));
        if (without != "Action") builder.AddVector("Action", 1, Values(1));
        if (without != "Reward") builder.AddScalar("Reward", Values(1));
        if (without != "NextObservation") builder.AddVector("NextObservation", 2, Values(2));
        if (without != "Terminated") builder.AddBoolean("Terminated", new bool[rows]);
        with?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>The same rows read through ML.NET, with a column of doubles.</summary>
    public static IDataView WithDoubles(string column) =>
        ML.Transforms.Conversion.ConvertType(column, outputKind: DataKind.Double).Fit(View()).Transform(View());

    /// <summary>Rows through a cursor: a view that hands out no columns.</summary>
    public static IDataView Sparse(IDataView view) => ML.Data.TakeRows(view, long.MaxValue);

    private static float[] WithLast(float[] values, float odd)
    {
        if (odd != 0 && values.Length > 0) values[^1] = odd;
        return values;
    }
}
