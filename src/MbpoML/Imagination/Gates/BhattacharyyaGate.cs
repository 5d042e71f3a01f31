using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Imagination.Gates;

/// <summary>
/// The gate of MACURA (B. Frauenknecht, A. Eisele, D. Subhasish, F. Solowjow and S. Trimpe, "Trust the model where it trusts itself", ICML 2024,
/// arXiv:2405.19014): a rollout goes on while the members of the ensemble disagree less than usual.
/// </summary>
/// <remarks>
/// Disagreement is the Bhattacharyya distance of the members' normal distributions, averaged over all pairs of the members that predict. When rollouts are
/// branched, b is the factor ξ times the quantile ζ of the disagreement at their first steps, and the threshold κ is the mean of b and the earlier ones. The
/// first step at or above κ ends its rollout and is not kept, whether or not it ends the task. Of more than 20,000 rollouts the first 20,000 make b.
/// Made by <see cref="RolloutRule.BhattacharyyaGate"/>. It is saved with a run, and each run has a memory of its own.
/// </remarks>
public sealed class BhattacharyyaGate : IRolloutRule, ISaved
{
    private readonly Options _options;
    private readonly List<double> _bounds = [];
    // All starts of the first block come before any second step.
    private bool _isFirst;

    internal BhattacharyyaGate(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
    }

    /// <summary>κ, below which a step is certain, in nats; null before the first rollouts.</summary>
    internal double? Threshold { get; private set; }

    /// <summary>The b's that the threshold is the mean of, oldest first.</summary>
    internal IReadOnlyList<double> Bounds => _bounds;

    string ISaved.Name => "bhattacharyya-gate";

    void IRolloutRule.Begin(RolloutBeginning beginning) => _isFirst = true;

    RolloutVerdict IRolloutRule.Judge(RolloutStep step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (means, deviations) = MemberDisagreement.Ensemble(step.Model, "The Bhattacharyya gate").PredictMembers(step.Observation, step.Action);
        var disagreement = MemberDisagreement.Bhattacharyya(means, deviations);
        if (_isFirst)
        {
            Remember(_options.Factor * TensorQuantile.Of(disagreement, _options.Quantile).item<float>());
            _isFirst = false;
        }

        // What is no number is not below the threshold.
        var isCertain = disagreement.Below(Threshold!.Value).to(step.Reward.device).MoveToOuterDisposeScope();
        return new RolloutVerdict(isCertain, isCertain.alias().MoveToOuterDisposeScope());
    }

    IReadOnlyDictionary<string, double> IRolloutRule.TakeMetrics() =>
        Threshold is { } threshold ? new Dictionary<string, double> { [GateMetricNames.Threshold] = threshold } : [];

    IRolloutRule IRolloutRule.ForRun() => new BhattacharyyaGate(_options);

    void ISaved.Save(IStateWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Add("bounds", [.. _bounds]);
    }

    void ISaved.Restore(IStateReader from)
    {
        ArgumentNullException.ThrowIfNull(from);
        var bounds = from.Doubles("bounds");
        if (bounds.Length > (long)_options.Memory + 1 || !bounds.All(bound => double.IsFinite(bound) && bound >= 0))
            throw from.Damaged(
                Invariant($"the gate remembers {bounds.Length} values, but at most {(long)_options.Memory + 1} were expected, all finite and not negative"));
        _bounds.Clear();
        _bounds.AddRange(bounds);
        Threshold = bounds.Length == 0 ? null : _bounds.Average();
    }

    /// <summary>The gate with its settings, which a run is known by.</summary>
    public override string ToString() =>
        Invariant($"{nameof(BhattacharyyaGate)}(Factor {_options.Factor}, Quantile {_options.Quantile}, Memory {_options.Memory})");

    private void Remember(double bound)
    {
        if (!double.IsFinite(bound))
            throw new LearningException(
                "disagreement of the ensemble's members", bound,
                Invariant($"The {_options.Quantile} quantile of the members' disagreement where the rollouts start, times {_options.Factor}, is {bound}, ") +
                    "but must be finite. Look at the variances and the scales of the ensemble, or lower Quantile.");
        if (_bounds.Count > _options.Memory) _bounds.RemoveAt(0);
        _bounds.Add(bound);
        Threshold = _bounds.Average();
    }

    /// <summary>The settings of the gate.</summary>
    public sealed class Options
    {
        /// <summary>
        /// ξ, what the quantile is multiplied with: more lets longer rollouts pass. Default: 5, as MACURA has it for Ant and Humanoid (Hopper 30, Walker2d 0.3,
        /// HalfCheetah 2).
        /// </summary>
        public double Factor { get; set; } = 5;

        /// <summary>ζ, which quantile of the disagreement at the first steps counts, from 0 to 1. Default: 0.95 (MACURA; Hopper 0.9).</summary>
        public double Quantile { get; set; } = 0.95;

        /// <summary>Earlier times at which rollouts were branched that count in the threshold. Default: 2000 (MACURA); 0 forgets at once.</summary>
        public int Memory { get; set; } = 2000;

        internal void Validate()
        {
            Check.Positive(Factor);
            Check.Within(0, 1, Quantile);
            Check.AtLeast(0, Memory);
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }
}
