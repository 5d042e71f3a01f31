using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Rollouts of lengths, models, policies and functions that do not fit.</summary>
internal static class RolloutCases
{
    private const string Alone = "RolloutCatalog.Branched(ITransformer, IPolicy, int, string)";
    private const string WithOptions = "RolloutCatalog.Branched(ITransformer, IPolicy, BranchedRolloutEstimator.Options)";
    private const string Numbers = "RolloutCatalog.Branched(IRolloutSchedule, int, int)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(Alone, "no dynamics", () => Samples.Rl.Rollouts.Branched(null!, Samples.SmallPolicy), "dynamics"),
        Bad<ArgumentNullException>(Alone, "no policy", () => Samples.Rl.Rollouts.Branched(Samples.Dynamics, null!), "policy"),
        Bad<ArgumentOutOfRangeException>(
            Alone, "no steps", () => Samples.Rl.Rollouts.Branched(Samples.Dynamics, Samples.SmallPolicy, 0), "Length", "Actual value was 0"),
        Bad<ArgumentException>(Alone, "an empty name", () => Samples.Rl.Rollouts.Branched(Samples.Dynamics, Samples.SmallPolicy, 1, ""),
            "observationColumnName"),
        Bad<ArgumentException>(Alone, "a policy without actions", () => Samples.Rl.Rollouts.Branched(Samples.Dynamics, new Lost()), "ActionSpace is null"),
        Bad<ArgumentException>(Alone, "a policy of other sizes", () => Samples.Rl.Rollouts.Branched(Samples.Dynamics, Samples.Policy).Fit(Samples.View()),
            "3 observations", "2 observations"),
        Bad<ArgumentNullException>(
            Alone, "no name", () => Samples.Rl.Rollouts.Branched(Samples.Dynamics, Samples.SmallPolicy, 1, null!), "observationColumnName"),
        Bad<ArgumentNullException>(
            WithOptions, "no dynamics", () => Samples.Rl.Rollouts.Branched(null!, Samples.SmallPolicy, new BranchedRolloutEstimator.Options()), "dynamics"),
        Bad<ArgumentNullException>(
            WithOptions, "no policy", () => Samples.Rl.Rollouts.Branched(Samples.Dynamics, null!, new BranchedRolloutEstimator.Options()), "policy"),
        Bad<ArgumentNullException>(
            WithOptions, "null", () => Samples.Rl.Rollouts.Branched(Samples.Dynamics, Samples.SmallPolicy, (BranchedRolloutEstimator.Options)null!), "options"),
        Bad<ArgumentNullException>(Numbers, "no schedule", () => Samples.Rl.Rollouts.Branched((IRolloutSchedule)null!), "Schedule"),
        Bad<ArgumentOutOfRangeException>(
            Numbers, "no rollouts", () => Samples.Rl.Rollouts.Branched(RolloutSchedule.Constant(1), batchSize: 0), "BatchSize", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(
            Numbers, "no epochs", () => Samples.Rl.Rollouts.Branched(RolloutSchedule.Constant(1), retainEpochs: 0), "RetainEpochs", "Actual value was 0"),
        Bad<ArgumentNullException>(
            "RolloutCatalog.Branched(BranchedRollouts.Options)", "null", () => Samples.Rl.Rollouts.Branched((BranchedRollouts.Options)null!), "options"),
        Bad<ArgumentOutOfRangeException>("RolloutSchedule.Constant(int)", "no steps", () => RolloutSchedule.Constant(0), "length", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>("RolloutSchedule.BoundRecommended(int, int, double)", "none at all",
            () => RolloutSchedule.BoundRecommended(shortest: 0), "shortest", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>("RolloutSchedule.BoundRecommended(int, int, double)", "lengths turned round",
            () => RolloutSchedule.BoundRecommended(3, 4), "longest", "Actual value was 3"),
        Bad<ArgumentOutOfRangeException>("RolloutSchedule.BoundRecommended(int, int, double)", "no discount",
            () => RolloutSchedule.BoundRecommended(discount: 1), "discount", "Actual value was 1"),
        Bad<ArgumentOutOfRangeException>(
            "RolloutSchedule.Linear(int, int, int, int)", "a negative epoch", () => RolloutSchedule.Linear(-1, 2, 1, 1), "firstEpoch", "Actual value was -1"),
        Bad<ArgumentOutOfRangeException>(
            "RolloutSchedule.Linear(int, int, int, int)", "epochs turned round", () => RolloutSchedule.Linear(5, 5, 1, 1), "lastEpoch", "Actual value was 5"),
        Bad<ArgumentOutOfRangeException>("RolloutSchedule.Linear(int, int, int, int)", "no epoch after the first",
            () => RolloutSchedule.Linear(int.MaxValue, 5, 1, 1), "lastEpoch", "Actual value was 5"),
        Bad<ArgumentOutOfRangeException>(
            "RolloutSchedule.Linear(int, int, int, int)", "no steps at first", () => RolloutSchedule.Linear(0, 2, 0, 1), "firstLength", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(
            "RolloutSchedule.Linear(int, int, int, int)", "no steps at last", () => RolloutSchedule.Linear(0, 2, 1, 0), "lastLength", "Actual value was 0"),
        .. Given<ITerminationFunction>("BranchedRolloutEstimator.Options.Termination", result => new Function(result),
            (options, function) => options.Termination = function, "termination function"),
        .. Given<IRewardFunction>("BranchedRolloutEstimator.Options.Reward", result => new Function(result), (options, function) => options.Reward = function,
            "reward function", ScalarType.Bool),
        .. Given<IRolloutRule>("RolloutRule.StopWhere(Func<RolloutStep, Tensor>, bool)", result => RolloutRule.StopWhere(_ => result()),
            (options, rule) => options.Rule = rule, "stopping rule"),
        .. Given<IRolloutRule>("RolloutRule.Penalise(Func<RolloutStep, Tensor>)", result => RolloutRule.Penalise(_ => result()),
            (options, rule) => options.Rule = rule, "penalty", ScalarType.Bool),
        .. Given<IRolloutRule>("BranchedRolloutEstimator.Options.Rule", result => new Function(result), (options, rule) => options.Rule = rule,
            "rollout rule").Skip(1),
        Bad<ArgumentNullException>("RolloutRule.StopWhere(Func<RolloutStep, Tensor>, bool)", "no function", () => RolloutRule.StopWhere(null!), "stops"),
        Bad<ArgumentNullException>("RolloutRule.Penalise(Func<RolloutStep, Tensor>)", "no function", () => RolloutRule.Penalise(null!), "penalty"),
        Bad<ArgumentException>("RolloutRule.All(IReadOnlyList<IRolloutRule>)", "no rule", () => RolloutRule.All(), "rules", "at least one"),
        Bad<ArgumentException>("RolloutRule.All(IReadOnlyList<IRolloutRule>)", "a rule that is null", () => RolloutRule.All([null!]), "rules", "null"),
        Bad<ArgumentNullException>("RolloutRule.All(IReadOnlyList<IRolloutRule>)", "null", () => RolloutRule.All(null!), "rules"),
        Bad<InvalidOperationException>("BranchedRolloutEstimator.Options.Reward", "a reward that is NaN",
            () => RollOut(options => options.Reward = new Function(() => full(6, float.NaN))), "reward function", "not finite", "NaN"),
    ];

    private static IEnumerable<BadCase> Given<T>(
        string member, Func<Func<Tensor>, T> make, Action<BranchedRolloutEstimator.Options, T> set, string name, ScalarType wrong = ScalarType.Float32)
    {
        BadCase Result(string what, Func<Tensor> result, string message) =>
            Bad<InvalidOperationException>(member, what, () => RollOut(options => set(options, make(result))), name, message);
        return
        [
            Result("a result that is null", () => null!, "null"),
            Result("a result for one row", () => zeros(1, wrong == ScalarType.Bool ? ScalarType.Float32 : ScalarType.Bool), "[1]"),
            Result("a result of another type", () => zeros(6, wrong), $"{wrong}"),
        ];
    }

    private static void RollOut(Action<BranchedRolloutEstimator.Options> set)
    {
        var options = new BranchedRolloutEstimator.Options { Seed = 1 };
        set(options);
        Samples.Rl.Rollouts.Branched(Samples.Dynamics, new NoisyPolicy(2, 1, 0.1f, 0.1f), options).Fit(Samples.View()).Transform(Samples.View());
    }

    /// <summary>Implements all three without the checks of the ready-made ones.</summary>
    private sealed class Function(Func<Tensor> result) : ITerminationFunction, IRewardFunction, IRolloutRule
    {
        public Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation) => result();

        public RolloutVerdict Judge(RolloutStep step) => new(GoesOn: result());
    }

    /// <summary>A policy that forgot its actions.</summary>
    private sealed class Lost : IPolicy
    {
        public int ObservationSize => 2;

        public BoxSpace ActionSpace => null!;

        public Tensor Act(Tensor observation) => zeros(observation.shape[0], 1);

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }
}
