using MbpoML.Components;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Policies;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>Behaviour cloning: a network learns the logged actions, and keeps what it was when it did best on episodes that it does not learn from.</summary>
internal sealed class CloningFit : IOfflineAlgorithm
{
    private readonly ComponentContext _context;
    private readonly OfflineLog _log;
    private readonly BehaviorCloningTrainer.Options _options;
    private readonly LogBatch _batch;
    private readonly TrainedNetwork _actor;
    private readonly ActionPass _pass;
    private readonly float[] _delta;
    private readonly Tensor? _heldInputs;
    // What the policy is made of: the best so far, or the newest where nothing is held out.
    private readonly Tensor _best;
    private double _bestLoss = double.PositiveInfinity, _lossSum, _heldLoss;
    private int _epochsWithoutGain, _updates;

    /// <param name="context">Where policies belong.</param>
    /// <param name="log">Stays the caller's.</param>
    /// <param name="options">Validated.</param>
    /// <param name="seed">The seed of all random numbers.</param>
    public CloningFit(ComponentContext context, OfflineLog log, BehaviorCloningTrainer.Options options, int seed)
    {
        using var scope = NewDisposeScope();
        (_context, _log, _options) = (context, log, options);
        var (held, learned) = options.HoldoutRatio > 0 ? EpisodeHoldout.Split(log.Layout, log.Rows, options.HoldoutRatio) : (null, null);
        _batch = new LogBatch(log, learned, options.BatchSize, discount: 1, rewardScale: 1, options.StandardizeObservations, seed);
        if (held is not null)
        {
            using var all = new LogBatch(log, held, 1, discount: 1, rewardScale: 1, options.StandardizeObservations, seed);
            _heldInputs = all.AllInputs.clone().DetachFromDisposeScope();
        }

        var shape = new NetworkShape(log.Layout.ObservationSize, options.HiddenSizes, log.Layout.ActionSize, Activation.Relu);
        _actor = new TrainedNetwork("actor", shape, options.LearningRate, seed);
        (_pass, _delta) = (new ActionPass(_actor, options.BatchSize), new float[options.BatchSize * log.Layout.ActionSize]);
        _best = _actor.Parameters.clone().DetachFromDisposeScope();
    }

    public string Name => "behavior-cloning";

    public bool IsDone => _heldInputs is not null && _epochsWithoutGain >= _options.Patience;

    /// <summary>The lowest held-out loss so far; infinite before the first.</summary>
    public double BestLoss => _bestLoss;

    public void Update(OfflineRun run)
    {
        _batch.Draw();
        _pass.Forward(_batch.Observation);
        _lossSum += OfflineLosses.Clone(_pass.Actions, _batch.Action, [], _delta);
        _pass.Backward(_batch.Observation, _delta);
        _actor.Step();
        _updates++;
        if ((run.Done + 1) % _options.EpochLength == 0 || run.Done + 1 == run.Updates) Look();
    }

    public IReadOnlyDictionary<string, double> TakeMetrics()
    {
        var metrics = new Dictionary<string, double>();
        if (_updates > 0) metrics[OfflineMetricNames.CloneLoss] = _lossSum / _updates;
        if (_heldInputs is not null) metrics[OfflineMetricNames.CloneHoldoutLoss] = _heldLoss;
        (_lossSum, _updates) = (0, 0);
        return metrics;
    }

    public void ThrowIfDiverged()
    {
        var loss = _updates > 0 ? _lossSum / _updates : 0;
        if (!double.IsFinite(loss) || !double.IsFinite(_heldLoss))
            throw new LearningException("imitation loss", loss, "Behaviour cloning diverged: take a smaller LearningRate, or StandardizeObservations.");
    }

    public PolicyTransformer ToTransformer() => new(
        _context, DeterministicActor.ToParameters(_actor.Shape, _best, _batch.Observations, _log.ActionSpace),
        _options.Serving);

    public void Save(IStateWriter to)
    {
        ((ISaved[])[_batch, _actor]).Save(to);
        to.Add("best", _best);
        to.Add("losses", [_bestLoss, _lossSum, _heldLoss]);
        to.Add("counters", _epochsWithoutGain, _updates);
    }

    public void Restore(IStateReader from)
    {
        using var scope = NewDisposeScope();
        var (losses, counters) = (from.Doubles("losses"), from.Integers("counters"));
        if (losses.Length != 3 || counters is not [>= 0 and <= int.MaxValue, >= 0 and <= int.MaxValue])
            throw from.Damaged("behaviour cloning has other losses and counters than it needs");
        var best = from.Tensor("best", ScalarType.Float32, _best.shape);
        ((ISaved[])[_batch, _actor]).Restore(from);
        _best.copy_(best);
        (_bestLoss, _lossSum, _heldLoss) = (losses[0], losses[1], losses[2]);
        (_epochsWithoutGain, _updates) = ((int)counters[0], (int)counters[1]);
    }

    public void Dispose()
    {
        foreach (var part in (IDisposable?[])[_batch, _actor, _pass, _heldInputs, _best]) part?.Dispose();
    }

    private void Look()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (_heldInputs is null)
        {
            _best.copy_(_actor.Parameters);
            return;
        }

        var (size, rows) = (_log.Layout.ObservationSize, _heldInputs);
        var actions = _actor.Shape.Forward(_actor.Parameters.unsqueeze(0), rows.narrow(1, 0, size).unsqueeze(0)).squeeze(0).tanh();
        _heldLoss = (actions - rows.narrow(1, size, _log.Layout.ActionSize)).Squared().mean().item<float>();
        if (!(_heldLoss < _bestLoss))
        {
            _epochsWithoutGain++;
            return;
        }

        (_bestLoss, _epochsWithoutGain) = (_heldLoss, 0);
        _best.copy_(_actor.Parameters);
    }
}
