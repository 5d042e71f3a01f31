using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Feeds;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Imagined;

/// <summary>
/// Learns a policy in a model of the log (MOPO, algorithm 2). The model is fitted once. After a number of updates, short rollouts branch from logged states.
/// Each update takes a minibatch of a few logged rows and many imagined ones.
/// </summary>
internal sealed class ImaginingFit : IOfflineAlgorithm
{
    private const string PenaltyState = "penalty";

    private readonly ImaginingOptions _options;
    private readonly IMinibatchLearner _policy;
    private readonly ReplayPool _log, _modelLog, _imaginedPool;
    private readonly ModelFit _model;
    private readonly ImaginedEnvironment _imagined;
    private readonly BranchedRolloutGenerator _rollouts;
    private readonly Minibatches _minibatches;
    private readonly IRolloutRule? _rule;
    private readonly ValueInconsistency? _inconsistency;
    private readonly Generator _rollingOut, _inconsistent;
    private readonly SetPoints _setPoints;
    private readonly int _seed;

    /// <param name="log">Copied.</param>
    /// <param name="options">Validated.</param>
    /// <param name="stages">What tells the methods from each other.</param>
    /// <param name="seed">The seed of all random numbers.</param>
    /// <exception cref="InvalidOperationException">A stage makes no learner that can be used.</exception>
    public ImaginingFit(OfflineLog log, ImaginingOptions options, ImaginingStages stages, int seed)
    {
        (Name, _options, _seed) = (stages.Name, options, seed);
        (_rule, _inconsistency) = (stages.Rule, stages.Inconsistency);
        _policy = Learner(stages, log, Seeds.Derive(seed, "policy"), options.Checkpoints is not null);
        _setPoints = new SetPoints(options.SetPoints);
        _setPoints.Require(log.Layout);
        _log = PoolOf(log.Layout, log.Rows);
        using (NewDisposeScope()) _modelLog = _setPoints.Exist ? PoolOf(log.Layout, _setPoints.Hold(log.Layout, log.Rows)) : _log;
        _imaginedPool = new ReplayPool(log.Layout, options.PoolCapacity, _policy.Device);
        var dynamics = stages.Dynamics.CreateLearner(log.Layout, Seeds.Derive(seed, "dynamics"), null)
            ?? throw new InvalidOperationException($"CreateLearner of {stages.Dynamics.GetType().Name} returned null.");
        KnownEnds.RequireOfLog(log.Layout, log.Rows, options.Termination, dynamics);
        _model = new ModelFit(dynamics, _modelLog, isSaved: options.Checkpoints is not null);
        _imagined = new ImaginedEnvironment(() => dynamics.Model, options.Termination, options.Reward, outside: _setPoints.Exist ? _setPoints : null);
        if (_policy is IModelBasedLearner { NeedsModel: true } asking) asking.UseModel(_imagined);
        _rollouts = new BranchedRolloutGenerator(_imagined, _rule, _log);
        _minibatches = new Minibatches(
            options.RealRows, options.BatchSize - options.RealRows, Math.Min(options.RolloutInterval, Minibatches.MostAtOnce), _log, _imaginedPool, seed);
        _rollingOut = new Generator((ulong)Seeds.Derive(seed, "rollouts"), CPU);
        _inconsistent = new Generator((ulong)Seeds.Derive(seed, "inconsistency"), CPU);
    }

    public string Name { get; }

    public void Begin(OfflineRun run) =>
        run.Measure(TrainingPhase.FittingModel, MetricNames.ModelSeconds, () => _model.Fit(run.CancellationToken));

    public void Update(OfflineRun run)
    {
        if (run.Done == 0) FitScales();
        if (_minibatches.UsesImagined && run.Done % _options.RolloutInterval == 0)
            run.Measure(TrainingPhase.RollingOut, MetricNames.RolloutSeconds, () => RollOut(run.CancellationToken));
        var left = _options.RolloutInterval - (run.Done % _options.RolloutInterval);
        var rows = _minibatches.Next(Math.Min(left, run.Updates - run.Done));
        if (_inconsistency is not null) Penalise(rows, run.Done);
        (_policy as IDecayingActor)?.ScaleActorRate(run.Cosine);
        _policy.Update(rows);
    }

    public IReadOnlyDictionary<string, double> TakeMetrics() =>
        new Dictionary<string, double>([.. _policy.TakeMetrics(), .. _inconsistency?.TakeMetrics() ?? new Dictionary<string, double>()]);

    public void ThrowIfDiverged() => (_policy as IGuardedLearner)?.ThrowIfDiverged();

    public PolicyTransformer ToTransformer() => _policy.ToTransformer();

    public void Save(IStateWriter to)
    {
        Parts.Save(to);
        to.Add(PenaltyState, [_inconsistency?.State.Sum ?? 0, _inconsistency?.State.Rows ?? 0]);
    }

    public void Restore(IStateReader from)
    {
        if (from.Doubles(PenaltyState) is not [var sum, >= 0 and var rows]) throw from.Damaged("it has no sum of penalties");
        Parts.Restore(from);
        if (_inconsistency is not null) _inconsistency.State = (sum, (long)rows);
    }

    public void Restored(IStateReader from) => Parts.Restored(from);

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_policy, _model, _log, _imaginedPool, _minibatches, _rollingOut, _inconsistent]) part.Dispose();
        if (_modelLog != _log) _modelLog.Dispose();
    }

    // The log itself is read again.
    private ISaved[] Parts =>
        [.. _policy is ISaved policy ? (ISaved[])[policy] : [], _model, _minibatches, SavedPart.Of("rollouts", _rollingOut),
            new SavedPart("imagined", _imaginedPool.Save, from => _imaginedPool.Restore(from, keepsCapacity: true))];

    private ReplayPool PoolOf(TransitionLayout layout, Tensor rows)
    {
        var pool = new ReplayPool(layout, rows.size(0), _policy.Device);
        pool.Append(rows);
        return pool;
    }

    // Of the log: imagined rewards are lowered by penalties, which would make the true ones small.
    private void FitScales()
    {
        if (_policy is not IScaledLearner scaled) return;
        using var rows = _log.ToRows();
        scaled.FitScales(rows);
    }

    private Dictionary<string, double> RollOut(CancellationToken cancellationToken)
    {
        using var before = new RolloutsBefore(_rollingOut, _imaginedPool, _rule);
        try
        {
            using var starts = _log.SampleObservations(_options.RolloutBatchSize, _rollingOut);
            var statistics = _rollouts.Generate(
                starts, _options.RolloutLength, _policy, _rollingOut, (rows, _) => _imaginedPool.Append(rows), cancellationToken);
            var metrics = statistics.ToMetrics(_options.RolloutLength, _imaginedPool.Count);
            foreach (var (name, value) in _rule?.TakeMetrics() ?? new Dictionary<string, double>()) metrics[name] = value;
            return metrics;
        }
        catch
        {
            // A resumed fit begins all of them again.
            before.TakeBack();
            throw;
        }
    }

    private void Penalise(Tensor rows, int update)
    {
        if (_policy is not IStateValue value)
            throw new InvalidOperationException(
                $"MOBILE asks what states are worth, but {_policy.GetType().Name} is no {nameof(IStateValue)}: take rl.Policies.SoftActorCritic, or MOPO.");
        using var scope = NewDisposeScope();
        // Each update has draws of its own, whether the fit was stopped before it or not.
        _inconsistent.manual_seed(Seeds.Derive(_seed, "inconsistency", update));
        var imagined = rows.narrow(0, _options.RealRows, rows.size(0) - _options.RealRows);
        if (imagined.size(0) > 0) _inconsistency!.Apply(_log.Layout, imagined, _imagined.Model, value, _inconsistent, _setPoints);
    }

    private static IMinibatchLearner Learner(ImaginingStages stages, OfflineLog log, int seed, bool isSaved)
    {
        var learner = stages.Policy.CreateLearner(log.Layout, log.ActionSpace, seed, null)
            ?? throw new InvalidOperationException($"CreateLearner of {stages.Policy.GetType().Name} returned null.");
        if (learner is IMinibatchLearner taker && (!isSaved || learner is ISaved)) return taker;
        learner.Dispose();
        if (learner is IMinibatchLearner)
            throw new InvalidOperationException(
                $"Checkpoints need a policy learner whose state can be saved, but {learner.GetType().Name} is no {nameof(ISaved)}: implement it, or fit " +
                    "without checkpoints.");
        throw new InvalidOperationException(
            $"Methods with a model need a policy learner of minibatches, but {learner.GetType().Name} is no {nameof(IMinibatchLearner)}: take " +
                "rl.Policies.SoftActorCritic.");
    }
}
