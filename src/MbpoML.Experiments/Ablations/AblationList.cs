using MbpoML.Algorithms.Mbpo;
using MbpoML.Imagination;
using MbpoML.Imagination.Gates;
using MbpoML.Training;

namespace MbpoML.Experiments.Ablations;

/// <summary>The ablations of the paper (figure 3) and its talk, and those that belong beside them. A variant that several share is trained once.</summary>
public static class AblationList
{
    private const int PaperLongest = 15;
    // Of MACURA and of Infoprop; ξ as MACURA has it for HalfCheetah.
    private const int GatedLongest = 10, CutoffLongest = 100;
    private const double GateFactor = 2;

    private static readonly AblationVariant Whole = new("mbpo", "MBPO", _ => { });
    // Where the preset's rollouts grow, it imagines more and more transitions. Variants that are compared may not.
    private static readonly AblationVariant WholeLimited = new("mbpo-limited", "MBPO, no more transitions", Limit) { Plain = Whole };
    private static readonly AblationVariant WithoutModel = new("no-model", "no model, the same updates", options => options.MbpoSettings.Trainer.RealRatio = 1);

    /// <summary>The ablations that can be named.</summary>
    public static IReadOnlyList<Ablation> All { get; } =
    [
        new("rollout-length", "length of the imagined rollouts", [Length(1), Linear(), Length(200), Length(500)]),
        new("no-model", "with and without the model",
            [Whole, WithoutModel, WithoutModel.And("one-update", "no model, one update a step", options => options.MbpoSettings.Trainer.UpdatesPerStep = 1)]),
        new("real-ratio", "real part of each minibatch", [RealRatio(0), Whole, RealRatio(0.5), WithoutModel]),
        new("ensemble-size", "networks of the ensemble (elites)", [Members(1, 1), Members(3, 2), Whole]),
        new("value-expansion", "the model in the critics' target",
            [Whole, Expansion(Whole, 1), WithoutModel, Expansion(WithoutModel, 1), Expansion(WithoutModel, 5)]),
        new("schedule", "rollouts as long as the bound recommends",
            [WholeLimited, Length(1), new(
                "bound", "BoundRecommended", options => Schedule(options, RolloutSchedule.BoundRecommended(discount: options.MbpoSettings.Policy.Discount)))]),
        new("rollout-rules", "rollouts that end where the model is unsure",
            [Whole, Length(GatedLongest), Gated(), Gated().And("pool", "MACURA's gate, updates follow the pool", FollowPool), Cutoffs()]),
        new("exploration", "noise of exploration",
            [Whole, new("pink", "pink noise", options => options.MbpoSettings.Trainer.ExplorationNoise = ExplorationNoise.Pink)]),
    ];

    /// <summary>The ablation of a name, whatever its case.</summary>
    /// <param name="name">One of the names in <see cref="All"/>; upper and lower case count as the same.</param>
    /// <exception cref="RunSpecException">There is none; the message names the nearest.</exception>
    public static Ablation Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(ablation => ablation.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ??
            throw RunSpecException.Unknown("ablation", name, [.. All.Select(ablation => ablation.Name)]);
    }

    private static AblationVariant Length(int length) =>
        new(Invariant($"k-{length}"), Invariant($"k = {length}"), options => Schedule(options, RolloutSchedule.Constant(length)));

    // As the paper does over Hopper's first epochs: short as long as the model knows little.
    private static AblationVariant Linear() =>
        new("k-linear", $"k from 1 to {PaperLongest}, linear",
            options => Schedule(options, RolloutSchedule.Linear(0, Math.Max(1, Epochs(options.MbpoSettings.Trainer) / 2), 1, PaperLongest)));

    // All members predict, as in MACURA.
    private static AblationVariant Gated() => Length(GatedLongest).And("gate", "MACURA's gate, k up to 10", options =>
    {
        AllPredict(options);
        options.MbpoSettings.Rollouts.Rule = RolloutRule.BhattacharyyaGate(new BhattacharyyaGate.Options { Factor = GateFactor });
    });

    private static AblationVariant Cutoffs() => Length(CutoffLongest).And("cutoffs", "Infoprop's step and cutoffs, k up to 100", options =>
    {
        AllPredict(options);
        (options.MbpoSettings.Rollouts.Rule, options.MbpoSettings.Rollouts.Propagation) = (RolloutRule.InformationCutoffs(), Propagation.Fused);
    });

    private static void AllPredict(RunOptions options) => options.MbpoSettings.Dynamics.EliteCount = options.MbpoSettings.Dynamics.MemberCount;

    private static void FollowPool(RunOptions options) =>
        (options.MbpoSettings.Trainer.UpdatesFollowPool, options.MbpoSettings.Rollouts.DropsByAge) = (true, true);

    private static AblationVariant RealRatio(double ratio) =>
        new(FormattableString.Invariant($"real-{ratio}"), FormattableString.Invariant($"real ratio {ratio}"),
            options => options.MbpoSettings.Trainer.RealRatio = ratio);

    private static AblationVariant Members(int members, int elites) => new(
        Invariant($"members-{members}"), Invariant($"{members} ({elites})"), options =>
            (options.MbpoSettings.Dynamics.MemberCount, options.MbpoSettings.Dynamics.EliteCount) = (members, elites));

    private static AblationVariant Expansion(AblationVariant variant, int steps) =>
        variant.And(
            Invariant($"expansion-{steps}"), Invariant($"{variant.Label}, value expansion H = {steps}"),
            options => options.MbpoSettings.Policy.ValueExpansionSteps = steps);

    // At most as many imagined transitions at each branching, whatever the length is and becomes: otherwise length and amount would change together.
    private static void Schedule(RunOptions options, IRolloutSchedule schedule)
    {
        var rollouts = options.MbpoSettings.Rollouts;
        var first = FirstLength(rollouts.Schedule);
        var most = (int)Math.Min(int.MaxValue, (long)rollouts.Starts(first) * first);
        var (shortest, varies) = (Lengths(schedule, options).Min(), Varies(schedule, options));
        (rollouts.Schedule, rollouts.BatchSize) = (schedule, Math.Max(1, most / shortest));
        // Of one length, so many rollouts are so many transitions.
        rollouts.MaxTransitions = varies ? most : null;
    }

    private static void Limit(RunOptions options)
    {
        var schedule = options.MbpoSettings.Rollouts.Schedule;
        if (Varies(schedule, options)) Schedule(options, schedule);
    }

    private static bool Varies(IRolloutSchedule schedule, RunOptions options) => schedule.NeedsTrust || Lengths(schedule, options).Distinct().Count() > 1;

    private static int FirstLength(IRolloutSchedule schedule) => schedule.GetLength(new RolloutScheduleContext(0, 0));

    // Those of all epochs; of a schedule that measures first, the one as long as it knows nothing, its shortest.
    private static IEnumerable<int> Lengths(IRolloutSchedule schedule, RunOptions options) =>
        Enumerable.Range(0, Epochs(options.MbpoSettings.Trainer) + 1)
            .Select(epoch => schedule.GetLength(new RolloutScheduleContext(epoch, epoch * options.MbpoSettings.Trainer.EpochLength)));

    private static int Epochs(MbpoTrainer.Options trainer) => trainer.Steps / Math.Max(1, trainer.EpochLength);
}
