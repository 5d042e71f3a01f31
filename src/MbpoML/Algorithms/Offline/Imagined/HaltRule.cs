using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Imagination.Gates;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Imagined;

/// <summary>
/// The rule of MOReL (arXiv:2005.05951, definitions 1 and 2): where two elites are further apart than the log ever sees them, the step ends in a halt state.
/// </summary>
/// <param name="coefficient">The largest disagreement in the log over this is the threshold.</param>
/// <param name="haltSteps">Steps of the lowest reward that the halt state is worth.</param>
/// <param name="counted">The outputs about which elites may disagree.</param>
internal sealed class HaltRule(double coefficient, int haltSteps, CountedOutputs counted) : IRolloutRule
{
    // Rows that the members are asked about at once.
    private const long BlockSize = 20_000;

    private Tensor? _scale;
    private long _steps, _halted;

    /// <summary>Beyond which disagreement a step is unknown.</summary>
    public double Threshold { get; private set; }

    /// <summary>The reward of the step into the halt state.</summary>
    public double HaltReward { get; private set; }

    public void Begin(RolloutBeginning beginning)
    {
        (_steps, _halted) = (0, 0);
        // Log and model stay as they are.
        if (_scale is not null) return;
        if (beginning.Transitions is not { Count: > 0 } transitions)
            throw new InvalidOperationException("The threshold of MOReL is taken from a log, but these rollouts have none.");
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (layout, rows) = (transitions.Layout, transitions.ToRows());
        _scale = LogScales.Of(transitions).DetachFromDisposeScope();
        var ensemble = MemberDisagreement.Ensemble(beginning.Model, "The rule of MOReL");
        var largest = 0.0;
        for (long first = 0; first < rows.size(0); first += BlockSize)
        {
            using var block = NewDisposeScope();
            var part = rows.narrow(0, first, Math.Min(BlockSize, rows.size(0) - first));
            largest = Math.Max(largest, Disagreement(ensemble, layout.Observation(part), layout.Action(part), _scale).max().item<float>());
        }

        Threshold = largest / coefficient;
        HaltReward = Halt(layout, rows, haltSteps);
    }

    public RolloutVerdict Judge(RolloutStep step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var ensemble = MemberDisagreement.Ensemble(step.Model, "The rule of MOReL");
        // What is no number is not known either.
        var unknown = Disagreement(ensemble, step.Observation, step.Action, _scale!).AtMost(Threshold).logical_not().to(step.Reward.device);
        _steps += unknown.size(0);
        _halted += unknown.sum().item<long>();
        return new RolloutVerdict(Reward: step.Reward.Filled(unknown, HaltReward).MoveToOuterDisposeScope()) { Ends = unknown.MoveToOuterDisposeScope() };
    }

    public void End()
    {
    }

    public IReadOnlyDictionary<string, double> TakeMetrics() => new Dictionary<string, double>
    {
        [OfflineMetricNames.HaltedFraction] = (double)_halted / Math.Max(1, _steps),
        [OfflineMetricNames.HaltThreshold] = Threshold,
    };

    // The largest distance of two elites' means, as the root of the mean square over outputs in the log's units: [batch], left to the caller's dispose scope.
    private Tensor Disagreement(IEnsembleDynamicsModel ensemble, Tensor observation, Tensor action, Tensor scale)
    {
        var (mean, _) = ensemble.PredictMembers(observation, action);
        var scaled = counted.Among(mean) / counted.Among(scale);
        var largest = zeros(scaled.size(1), ScalarType.Float32, scaled.device);
        for (long one = 1; one < scaled.size(0); one++)
            largest = largest.maximum((scaled.narrow(0, 0, one) - scaled.narrow(0, one, 1)).Squared().mean([2L]).amax([0L]));
        return largest.sqrt();
    }

    private static double Halt(TransitionLayout layout, Tensor rows, int steps)
    {
        var reward = layout.Reward(rows);
        double lowest = reward.min().item<float>(), highest = reward.max().item<float>();
        return steps * Math.Min(lowest, 0) - (highest - lowest);
    }
}
