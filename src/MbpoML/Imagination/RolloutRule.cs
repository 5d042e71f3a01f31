using MbpoML.Imagination.Gates;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>Simple rules of imagined rollouts, and rules made of several.</summary>
public static class RolloutRule
{
    /// <summary>Stops rollouts, for instance where the model is uncertain.</summary>
    /// <param name="stops">Tells which rollouts stop, bool [batch], taken over.</param>
    /// <param name="keepsLastStep">Whether the step at which a rollout stops is itself kept, marked as truncated, or dropped.</param>
    /// <exception cref="InvalidOperationException">In the rollouts: the function gave something else than one boolean a row.</exception>
    public static IRolloutRule StopWhere(Func<RolloutStep, Tensor> stops, bool keepsLastStep = true)
    {
        ArgumentNullException.ThrowIfNull(stops);
        return new StoppingRule(stops, keepsLastStep);
    }

    /// <summary>Takes a penalty from each imagined reward.</summary>
    /// <param name="penalty">The penalties, float32 [batch], taken over.</param>
    /// <exception cref="InvalidOperationException">In the rollouts: the function gave something else than one float32 a row.</exception>
    public static IRolloutRule Penalise(Func<RolloutStep, Tensor> penalty)
    {
        ArgumentNullException.ThrowIfNull(penalty);
        return new PenaltyRule(penalty);
    }

    /// <summary>Several rules at once: a rollout goes on, and a step is kept, where all agree; rewards pass from each rule to the next.</summary>
    /// <param name="rules">The rules to join, at least one.</param>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public static IRolloutRule All(params IReadOnlyList<IRolloutRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Count == 0 || rules.Any(rule => rule is null)) throw new ArgumentException("Give at least one rule, and none that is null.", nameof(rules));
        return new RuleList([.. rules]);
    }

    /// <summary>
    /// Stops rollouts where the members of an ensemble disagree more than usual: the gate of MACURA. The first such step is not kept. See
    /// <see cref="Gates.BhattacharyyaGate"/>.
    /// </summary>
    /// <param name="options">Its settings. Default: those of MACURA.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static IRolloutRule BhattacharyyaGate(BhattacharyyaGate.Options? options = null) =>
        new BhattacharyyaGate(options ?? new BhattacharyyaGate.Options());

    /// <summary>
    /// Stops rollouts where a step, or its rollout so far, loses too much information: the cutoffs of Infoprop. See <see cref="Gates.InformationCutoffs"/>.
    /// </summary>
    /// <param name="options">Their settings. Default: those of Infoprop.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static IRolloutRule InformationCutoffs(InformationCutoffs.Options? options = null) =>
        new InformationCutoffs(options ?? new InformationCutoffs.Options());

    private sealed class StoppingRule(Func<RolloutStep, Tensor> stops, bool keepsLastStep) : IRolloutRule
    {
        public RolloutVerdict Judge(RolloutStep step)
        {
            var goesOn = TensorCheck.Column(stops(step), step.Reward.size(0), ScalarType.Bool, "The stopping rule").logical_not();
            // What terminates is no stop, and is kept whatever the rule says.
            return new RolloutVerdict(goesOn, keepsLastStep ? null : goesOn.logical_or(step.Terminated));
        }
    }

    private sealed class PenaltyRule(Func<RolloutStep, Tensor> penalty) : IRolloutRule
    {
        public RolloutVerdict Judge(RolloutStep step) =>
            new(Reward: step.Reward - TensorCheck.Column(penalty(step), step.Reward.size(0), ScalarType.Float32, "The penalty"));
    }

    private sealed class RuleList(IRolloutRule[] rules) : IRolloutRule, ISaved
    {
        public string Name => "rules";

        private IEnumerable<(ISaved Rule, string Name)> Remembering =>
            rules.Select((rule, index) => (Rule: rule as ISaved, Name: Invariant($"{index}"))).Where(rule => rule.Rule is not null)!;

        public void Begin(RolloutBeginning beginning)
        {
            foreach (var rule in rules) rule.Begin(beginning);
        }

        public void End()
        {
            foreach (var rule in rules) rule.End();
        }

        public IReadOnlyDictionary<string, double> TakeMetrics()
        {
            var metrics = new Dictionary<string, double>();
            foreach (var (name, value) in rules.SelectMany(rule => rule.TakeMetrics())) metrics[name] = value;
            return metrics;
        }

        public IRolloutRule ForRun() => new RuleList([.. rules.Select(rule => rule.ForRun())]);

        // A run is known by the settings of its rules.
        public override string ToString() => string.Join(", ", rules.Select(rule => rule.ToString()));

        public RolloutVerdict Judge(RolloutStep step)
        {
            var all = default(RolloutVerdict);
            foreach (var rule in rules)
            {
                var verdict = rule.Judge(all.Reward is null ? step : step with { Reward = all.Reward });
                all = new RolloutVerdict(Both(all.GoesOn, verdict.GoesOn), Both(all.Keeps, verdict.Keeps), verdict.Reward ?? all.Reward)
                {
                    Ends = all.Ends is { } before && verdict.Ends is { } now ? before.logical_or(now) : verdict.Ends ?? all.Ends,
                };
            }

            return all;
        }

        public void Save(IStateWriter to)
        {
            foreach (var (rule, name) in Remembering) rule.Save(to.Under(name));
        }

        public void Restore(IStateReader from)
        {
            foreach (var (rule, name) in Remembering) rule.Restore(from.Under(name));
        }

        public void Restored(IStateReader from)
        {
            foreach (var (rule, name) in Remembering) rule.Restored(from.Under(name));
        }

        private static Tensor? Both(Tensor? first, Tensor? second) => first is null ? second : second is null ? first : first.logical_and(second);
    }
}
