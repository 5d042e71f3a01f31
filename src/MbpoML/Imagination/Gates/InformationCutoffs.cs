using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Imagination.Gates;

/// <summary>
/// The cutoffs of Infoprop (B. Frauenknecht, D. Subhasish, F. Solowjow and S. Trimpe, "On rollouts in model-based reinforcement learning", ICLR 2025,
/// arXiv:2501.16918): a rollout stops where a step loses too much information in one dimension, or its steps together do.
/// </summary>
/// <remarks>
/// What a step loses in a dimension is h = max(0, log2(2πe (1 - K) σ̄²) / 2 - log2(accuracy)) bits, of observation and reward. Both cutoffs are taken anew when
/// rollouts begin, from real transitions with their recorded actions: λ1 is a high quantile of h, λ2 a multiple of a low one. The step that is beyond a cutoff
/// is not kept. It is meant for rollouts whose <see cref="Propagation"/> is <see cref="Propagation.Fused"/>. Made by
/// <see cref="RolloutRule.InformationCutoffs"/>.
/// </remarks>
public sealed class InformationCutoffs : IRolloutRule
{
    // Transitions that the members are asked about at once: enough for full matrix products, few enough for bounded memory.
    private const long BlockSize = 20_000;
    private readonly Options _options;
    // [outputs] each, and [rollouts, outputs]: what each rollout has lost so far.
    private Tensor? _perStep, _perRollout, _lost;
    private readonly Dictionary<string, double> _measured = [];

    internal InformationCutoffs(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
    }

    void IRolloutRule.Begin(RolloutBeginning beginning)
    {
        Release();
        if (beginning.Transitions is not { Count: > 0 } transitions)
            throw new InvalidOperationException(
                "The information cutoffs are taken from real transitions, but these rollouts have none: use them in a trainer, or take another rule for " +
                    "rollouts that stand alone.");
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = transitions.Count <= _options.Samples ? transitions.ToRows() : transitions.Sample(_options.Samples, beginning.Generator);
        var ensemble = MemberDisagreement.Ensemble(beginning.Model, "The rule of information cutoffs");
        List<Tensor> blocks = [];
        for (long first = 0; first < rows.size(0); first += BlockSize)
        {
            var block = rows.narrow(0, first, Math.Min(BlockSize, rows.size(0) - first));
            blocks.Add(Loss(ensemble, transitions.Layout.Observation(block), transitions.Layout.Action(block)));
        }

        var losses = cat(blocks, 0);
        _perStep = TensorQuantile.Of(losses, _options.StepQuantile).DetachFromDisposeScope();
        _perRollout = TensorQuantile.Of(losses, _options.RolloutQuantile).Times(_options.RolloutFactor).DetachFromDisposeScope();
        _measured[GateMetricNames.StepCutoff] = _perStep.mean().item<float>();
        _measured[GateMetricNames.RolloutCutoff] = _perRollout.mean().item<float>();
        _lost = zeros(beginning.Rollouts, losses.size(1), ScalarType.Float32, losses.device).DetachFromDisposeScope();
    }

    RolloutVerdict IRolloutRule.Judge(RolloutStep step)
    {
        if (_lost is null || _perStep is null || _perRollout is null)
            throw new InvalidOperationException("The information cutoffs were asked about a step before their rollouts were begun: call Begin first.");
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var ensemble = MemberDisagreement.Ensemble(step.Model, "The rule of information cutoffs");
        var (loss, rows) = (Loss(ensemble, step.Observation, step.Action).to(_lost.device), step.Rows.to(_lost.device));
        var sum = _lost.index_select(0, rows).Plus(loss);
        _lost.index_copy_(0, rows, sum);
        // What is no number is within no cutoff.
        var isWithin = loss.le(_perStep).logical_and(sum.le(_perRollout)).all(1).to(step.Reward.device).MoveToOuterDisposeScope();
        return new RolloutVerdict(isWithin, isWithin.alias().MoveToOuterDisposeScope());
    }

    void IRolloutRule.End() => Release();

    IReadOnlyDictionary<string, double> IRolloutRule.TakeMetrics() => new Dictionary<string, double>(_measured);

    IRolloutRule IRolloutRule.ForRun() => new InformationCutoffs(_options);

    /// <summary>The rule with its settings, which a run is known by.</summary>
    public override string ToString() =>
        Invariant($"{nameof(InformationCutoffs)}(Accuracy {_options.Accuracy}, StepQuantile {_options.StepQuantile}, ") +
        Invariant($"RolloutQuantile {_options.RolloutQuantile}, RolloutFactor {_options.RolloutFactor}, Samples {_options.Samples})");

    /// <summary>λ1 and λ2, [outputs] each, while rollouts are under way.</summary>
    internal (Tensor PerStep, Tensor PerRollout)? Cutoffs => _perStep is null || _perRollout is null ? null : (_perStep, _perRollout);

    /// <summary>What a step loses in each dimension, the reward first, in bits.</summary>
    /// <returns>[batch, 1 + observation]</returns>
    internal Tensor Loss(IEnsembleDynamicsModel model, Tensor observation, Tensor action)
    {
        using var scope = NewDisposeScope();
        var open = MemberFusion.Of(model.PredictMembers(observation, action)).OpenDeviation;
        // Where all members agree nothing is lost: the logarithm of 0 is below every accuracy.
        return open.log2().Plus((0.5 * Math.Log2(2 * Math.PI * Math.E)) - Math.Log2(_options.Accuracy)).NotBelow(0).MoveToOuterDisposeScope();
    }

    private void Release()
    {
        _perStep?.Dispose();
        _perRollout?.Dispose();
        _lost?.Dispose();
        (_perStep, _perRollout, _lost) = (null, null, null);
    }

    /// <summary>The settings of the cutoffs.</summary>
    public sealed class Options
    {
        /// <summary>The width of the smallest difference that counts as information, in the units of each dimension. Default: 1e-6 (Infoprop).</summary>
        public double Accuracy { get; set; } = 1e-6;

        /// <summary>λ1 is this quantile of what real steps lose, from 0 to 1. Default: 0.9999 (Infoprop).</summary>
        public double StepQuantile { get; set; } = 0.9999;

        /// <summary>λ2 is <see cref="RolloutFactor"/> times this quantile, from 0 to 1. Default: 0.01 (Infoprop).</summary>
        public double RolloutQuantile { get; set; } = 0.01;

        /// <summary>λ2 is this many times the quantile <see cref="RolloutQuantile"/>. Default: 100 (Infoprop).</summary>
        public double RolloutFactor { get; set; } = 100;

        /// <summary>
        /// Real transitions that the cutoffs are taken from, drawn uniformly; all of them where there are no more. Default: 100,000 (Infoprop).
        /// </summary>
        public int Samples { get; set; } = 100_000;

        internal void Validate()
        {
            Check.Positive(Accuracy);
            Check.Within(0, 1, StepQuantile);
            Check.Within(0, 1, RolloutQuantile);
            Check.Positive(RolloutFactor);
            Check.AtLeast(1, Samples);
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }
}
