using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Mbpo.Trust;

/// <summary>
/// Measures in a run what the return bounds ask for. These are the model's errors on unseen and on fitted transitions, the policy's distance from those that
/// collected the data, and the largest reward.
/// </summary>
/// <remarks>
/// It draws from streams of its own that follow from the number of transitions, so that measuring changes nothing else and a resumed run measures the same.
/// </remarks>
internal sealed class TrustMeter : ISaved, IDisposable
{
    /// <summary>States on which policies are compared: the standard error of a mean distance is then at most 0.016.</summary>
    private const int States = 1000;

    // Of the newest transitions; more would say little more about the current policy.
    private const int MostTransitions = 5000;

    private readonly MbpoParts _parts;
    private readonly PolicySnapshots _snapshots;
    private readonly int _seed;
    // ε_m′, ε_m and r_max.
    private (double Error, double ErrorOnData, double MaxReward)? _measured;

    /// <exception cref="ArgumentException">The model is no ensemble.</exception>
    public TrustMeter(ComponentContext context, MbpoParts parts, int seed)
    {
        if (!parts.Model.Learner.IsEnsemble)
            throw new ArgumentException(
                "The rollout schedule asks for the model's error, which only an ensemble gives; choose another schedule, or Dynamics.ProbabilisticEnsemble " +
                "or " +
                    "Dynamics.Bootstrap.", nameof(parts));
        (_parts, _seed, _snapshots) = (parts, seed, new PolicySnapshots(context));
    }

    /// <summary>The model's error on what came in since it was fitted. To be called before it is fitted to that, and while no fit is under way.</summary>
    public void MeasureModel()
    {
        var unseen = Math.Min(Math.Min(_parts.RealPool.TotalAdded - _parts.Model.FittedTransitions, _parts.RealPool.Count), MostTransitions);
        if (_parts.Model.FittedTransitions == 0 || unseen == 0) return;
        using var scope = NewDisposeScope();
        using var all = new TransitionTable(_parts.RealPool.Layout, _parts.RealPool.ToRows().cpu());
        using var newest = new TransitionTable(all.Layout, all.Rows.narrow(0, all.Count - unseen, unseen).clone());
        var model = (IEnsembleDynamicsModel)_parts.Model.Learner.Model;
        var scale = ModelError.UsualScale(all);
        var error = ModelError.Measure(model, newest, scale).MixtureTotalVariation;
        _measured = (error, ErrorOnData(model, all, scale) ?? error, all.LargestReward());
    }

    // On a sample of what the model was fitted to; null where the pool has forgotten all of it.
    private double? ErrorOnData(IEnsembleDynamicsModel model, TransitionTable all, double[] scale)
    {
        var fitted = all.Count - Math.Min(all.Count, _parts.RealPool.TotalAdded - _parts.Model.FittedTransitions);
        if (fitted == 0) return null;
        using var generator = new Generator((ulong)Seeds.Derive(_seed, "trust/data", _parts.RealPool.TotalAdded), CPU);
        var rows = fitted <= MostTransitions ? all.Rows.narrow(0, 0, fitted).clone()
            : all.Rows.index_select(0, randint(fitted, [MostTransitions], ScalarType.Int64, generator: generator));
        using var sample = new TransitionTable(all.Layout, rows);
        return ModelError.Measure(model, sample, scale).MixtureTotalVariation;
    }

    /// <summary>What is known now; the policy is remembered as the one that collects what comes next.</summary>
    /// <returns>Null as long as the model was never measured.</returns>
    public ModelTrust? Measure()
    {
        using var scope = NewDisposeScope();
        var total = _parts.RealPool.TotalAdded;
        _snapshots.Remember(total, _parts.Policy);
        if (_measured is not { } measured) return null;
        using var generator = new Generator((ulong)Seeds.Derive(_seed, "trust", total), CPU);
        var numbers = randint(_parts.RealPool.Count, [States], ScalarType.Int64, generator: generator).data<long>().ToArray();
        var oldest = total - _parts.RealPool.Count;
        var rows = _parts.RealPool.ToRows().cpu();
        return new ModelTrust(measured.Error, _snapshots.MeanShift(_parts.RealPool.Layout.Observation(rows), numbers, oldest), measured.ErrorOnData,
            measured.MaxReward);
    }

    public string Name => "trust";

    public void Save(IStateWriter to)
    {
        to.Add("model-error", _measured is var (error, onData, maxReward) ? [error, onData, maxReward] : []);
        _snapshots.Save(to);
    }

    /// <exception cref="CheckpointException">The content makes no sense.</exception>
    public void Restore(IStateReader from)
    {
        _measured = from.Doubles("model-error") switch
        {
            [] => null,
            [var error and >= 0 and <= 1, var onData and >= 0 and <= 1, var maxReward and >= 0] when double.IsFinite(maxReward) => (error, onData, maxReward),
            var other => throw from.Damaged($"the model's errors and the largest reward are [{Listed.Of(other)}]"),
        };
    }

    public void Restored(IStateReader from)
    {
        using var policy = _parts.Policy.ToTransformer();
        _snapshots.Restore(from, policy.Parameters, _parts.RealPool.TotalAdded);
    }

    public void Dispose() => _snapshots.Dispose();
}
