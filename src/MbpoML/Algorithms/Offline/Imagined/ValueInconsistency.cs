using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Imagination;
using MbpoML.Imagination.Gates;
using MbpoML.Numerics.Kernels;
using MbpoML.Policies;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Imagined;

/// <summary>
/// The penalty of MOBILE (Y. Sun et al., "Model-Bellman inconsistency for model-based offline reinforcement learning", ICML 2023, equation 8): by how much the
/// members of a model disagree about the value that follows a step.
/// </summary>
/// <param name="penalty">λ</param>
/// <param name="samples">Next states that each member draws; 0 takes its mean.</param>
internal sealed class ValueInconsistency(double penalty, int samples)
{
    private double _sum;
    private long _rows;

    /// <summary>Takes λ U from the rewards of rows, which takes it from the targets of the critics.</summary>
    /// <param name="layout">Where each field stands.</param>
    /// <param name="rows">[rows, width], imagined; their rewards are changed.</param>
    /// <param name="model">An ensemble.</param>
    /// <param name="value">The value of states, in units of the rewards.</param>
    /// <param name="generator">Draws the next states.</param>
    /// <param name="outside">What comes from outside in place of the model's word; null: nothing does.</param>
    public void Apply(
        TransitionLayout layout, Tensor rows, IDynamicsModel model, IStateValue value, Generator generator, IOutsideObservations? outside = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // Nothing follows where the task is over.
        var taken = Of(layout, rows, model, value, generator, outside).Times(penalty) * layout.Terminated(rows).neg().Plus(1);
        layout.Reward(rows).sub_(taken);
        _sum += taken.sum(ScalarType.Float64).item<double>();
        _rows += rows.size(0);
    }

    /// <summary>U: the standard deviation over the elites of the mean value of the next states that each of them draws.</summary>
    /// <returns>[rows]; left to the caller's dispose scope.</returns>
    public Tensor Of(
        TransitionLayout layout, Tensor rows, IDynamicsModel model, IStateValue value, Generator generator, IOutsideObservations? outside = null)
    {
        var ensemble = MemberDisagreement.Ensemble(model, "The penalty of MOBILE");
        var (mean, deviation) = ensemble.PredictMembers(layout.Observation(rows).contiguous(), layout.Action(rows).contiguous());
        var (elites, count, size) = (mean.size(0), mean.size(1), layout.ObservationSize);
        // [elites, 1, rows, observation]
        var next = mean.narrow(2, 1, size).unsqueeze(1);
        if (samples > 0)
        {
            // The same noise for all members.
            var noise = randn([1, samples, count, size], ScalarType.Float32, generator: generator).to(mean.device);
            next = next.Plus(noise * deviation.narrow(2, 1, size).unsqueeze(1));
        }

        var states = next.reshape(-1, size).contiguous();
        outside?.Apply(layout.Observation(rows).repeat(states.size(0) / count, 1), states);
        var values = value.Value(states).view(elites, -1, count).mean([1L]);
        return values.std(0, unbiased: false);
    }

    /// <summary>The mean penalty since the last call, by metric name.</summary>
    public IReadOnlyDictionary<string, double> TakeMetrics()
    {
        if (_rows == 0) return new Dictionary<string, double>();
        var mean = _sum / _rows;
        (_sum, _rows) = (0, 0);
        return new Dictionary<string, double> { [OfflineMetricNames.PenaltyMean] = mean };
    }

    /// <summary>The sums of the metrics, to be saved.</summary>
    public (double Sum, long Rows) State
    {
        get => (_sum, _rows);
        set => (_sum, _rows) = value;
    }
}
