using System.Runtime.InteropServices;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble.Fused;
using MbpoML.Dynamics.Metrics;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>Fits an ensemble again and again, by default going on from the weights and the optimizer's moments of the fit before.</summary>
/// <remarks>
/// The procedure of the official code (models/bnn.py, train): at each fit a new holdout split, scales from the training split, one bootstrap sample a member,
/// epochs of minibatches until no member improves on the holdout rows, each member's own best weights restored, and the members of lowest holdout error made
/// elites.
/// </remarks>
internal sealed partial class EnsembleLearner : IDynamicsLearner, ISaved
{
    // Errors of nothing have no logarithm.
    private const double LeastVariance = 1e-12;

    private readonly ProbabilisticEnsembleTrainer.Options _options;
    private readonly EnsembleModel _model;
    private readonly FlatAdam _optimizer;
    private readonly IEnsembleUpdate _update;
    private readonly Tensor _best;
    private readonly Generator _generator;
    private DynamicsFitReport? _report;
    private bool _isFitted;
    // Those of which one starts afresh.
    private long _fits;

    /// <summary>Networks with fresh weights.</summary>
    /// <param name="layout">The sizes of the transitions to come.</param>
    /// <param name="options">Validated; not changed by anybody any more.</param>
    /// <param name="seed">Determines the initial weights, splits, bootstrap samples and the order of minibatches.</param>
    /// <param name="device">Where everything stands and runs; the CPU when null.</param>
    public EnsembleLearner(TransitionLayout layout, ProbabilisticEnsembleTrainer.Options options, int seed, Device? device = null)
    {
        _options = options;
        _model = new EnsembleModel(layout, options, device ?? CPU);
        using (var initial = new Generator((ulong)Seeds.Derive(seed, "dynamics/initial-weights")))
            _model.Network.Initialize(initial, (options.MinLogVariance, options.MaxLogVariance));
        _optimizer = new FlatAdam(_model.Network.Flat, options.LearningRate);
        _update = _model.Workers is { } workers
            ? new FusedEnsembleUpdate(_model.Network, _optimizer, options.ResolveWeightDecays(), options.GradientClipping, workers)
            : new ReferenceEnsembleUpdate(_model, _optimizer, options.ResolveWeightDecays(), options.GradientClipping);
        _best = empty(_model.Network.Flat.shape, ScalarType.Float32, _model.Device).DetachFromDisposeScope();
        _generator = new Generator((ulong)Seeds.Derive(seed, "dynamics/fit"));
    }

    public IDynamicsModel Model => _isFitted ? _model : throw new InvalidOperationException("The dynamics ensemble was not fitted yet; call Fit first.");

    public bool IsEnsemble => true;

    public bool PredictsTermination => false;

    /// <summary>The model as it stands, fitted or not.</summary>
    internal EnsembleModel Ensemble => _model;

    /// <summary>Its moments go on from fit to fit.</summary>
    internal FlatAdam Optimizer => _optimizer;

    /// <summary>How a step is taken: the fast path or the reference.</summary>
    internal IEnsembleUpdate Updater => _update;

    /// <summary>All randomness of the fits; its state is part of what must survive a stop.</summary>
    internal Generator Generator => _generator;

    /// <summary>What was measured in the last fit of this process; null before the first.</summary>
    internal DynamicsFitReport? Report => _report;

    /// <exception cref="ArgumentException">Fewer than two rows, or rows of another width.</exception>
    /// <exception cref="LearningException">The training diverged, or the predicted variance collapsed.</exception>
    public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
    {
        CheckRows(rows);
        // Several threads within an operation help no fit on the CPU that other programs are not kept from.
        // Once a fit: the fast path would else look for a thread in each of its phases.
        using var threads = _model.Workers is null ? default : TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        if (_isFitted && (!_options.StartFromLastWeights || (_options.RestartInterval is { } interval && _fits % interval == 0))) StartAfresh();
        else if (!_options.KeepMoments) ForgetMoments();
        var data = Split(rows);
        Func<EnsembleDiagnosis> diagnosis = () => Diagnose(rows);
        var (stopping, epochs, steps, trainLoss) = Train(data, diagnosis, cancellationToken);
        Restore(stopping);
        EnsembleGuard.CheckWeights(_model.Network.Flat, _optimizer.StepCount, diagnosis);
        // The mean squared error, not the likelihood, decides on stopping and elites (models/bnn.py).
        var losses = _update.Errors(data.HoldoutInputs, data.HoldoutTargets);
        _model.Elites = ChooseElites(losses, diagnosis);
        if (_model.Network.IsPoint) StateErrors(data);
        var metrics = DynamicsEvaluator.Evaluate(_model, data.HoldoutRows);
        if (!_model.Network.IsPoint) EnsembleGuard.CheckVariance(_model, metrics, data.HoldoutInputs, diagnosis);
        _report = new DynamicsFitReport(
            epochs, steps, data.Inputs.size(0), HoldsOut ? data.HoldoutRows.size(0) : 0, trainLoss, losses, [.. stopping.BestEpochs], _model.Elites, metrics);
        _isFitted = true;
        _fits++;
        return _report.ToMetrics();
    }

    private bool HoldsOut => _options.HoldoutRatio > 0;

    // Only after a fault. The tensors belong to the scope of the fit.
    private EnsembleDiagnosis Diagnose(Tensor rows)
    {
        using var noGradient = no_grad();
        var all = rows.to(_model.Device);
        return new EnsembleDiagnosis(_options, _model.Codec.Targets(all), _model.InputScale.Apply(_model.Layout.ObservationAction(all)));
    }

    private void StartAfresh()
    {
        _model.Network.Initialize(_generator, (_options.MinLogVariance, _options.MaxLogVariance));
        ForgetMoments();
    }

    private void ForgetMoments() => _optimizer.SetState(zeros_like(_optimizer.FirstMoment), zeros_like(_optimizer.SecondMoment), 0);

    // What networks without a variance say of their noise: the mean squared error of the elites on the held-out rows.
    private void StateErrors(FitData data)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var errors = _model.Elites.Select(elite => (_model.MemberMeans(elite, data.HoldoutInputs) - data.HoldoutTargets).Squared().mean([0L]));
        var logVariance = errors.Aggregate(ScalarArithmetic.Plus).Over(_model.EliteCount).NotBelow(LeastVariance).log().unsqueeze(0);
        _model.Network.Values.MaxLogVariance.copy_(logVariance);
        _model.Network.Values.MinLogVariance.copy_(logVariance);
    }

    // A new random split at each call; every scale comes from the training rows alone.
    private FitData Split(Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var all = rows.to(_model.Device);
        var count = all.size(0);
        if (HoldsOut && _options.HoldsOutEpisodes) return SplitEpisodes(all);
        var holdoutCount = HoldsOut ? Math.Clamp((long)(count * _options.HoldoutRatio), 1, Math.Min(_options.MaxHoldoutRows, count - 1)) : 0;
        var order = randperm(count, ScalarType.Int64, generator: _generator).to(_model.Device);
        // Where nothing is held out, some of what is learned from is measured on.
        var holdout = all.index_select(0, order.narrow(0, 0, HoldsOut ? holdoutCount : Math.Min(_options.MaxHoldoutRows, count)));
        var training = all.index_select(0, order.narrow(0, holdoutCount, count - holdoutCount));
        return Scaled(holdout, training);
    }

    private FitData SplitEpisodes(Tensor all)
    {
        var (heldOut, learned) = EpisodeHoldout.Split(_model.Layout, all, _options.HoldoutRatio);
        var count = heldOut.size(0);
        if (count > _options.MaxHoldoutRows)
            heldOut = heldOut.index_select(0, randperm(count, ScalarType.Int64, generator: _generator).narrow(0, 0, _options.MaxHoldoutRows));
        return Scaled(all.index_select(0, heldOut.to(_model.Device)), all.index_select(0, learned.to(_model.Device)));
    }

    // Every scale comes from the training rows alone.
    private FitData Scaled(Tensor holdout, Tensor training)
    {
        var trainingInputs = _model.Layout.ObservationAction(training);
        var trainingTargets = _model.Codec.Targets(training);
        _model.InputScale.FitTo(trainingInputs);
        _model.Codec.FitTo(trainingTargets);
        return new FitData(
            _model.InputScale.Apply(trainingInputs).MoveToOuterDisposeScope(),
            _model.Codec.Encode(trainingTargets).contiguous().MoveToOuterDisposeScope(),
            _model.InputScale.Apply(_model.Layout.ObservationAction(holdout)).MoveToOuterDisposeScope(),
            _model.Codec.Encode(_model.Codec.Targets(holdout)).contiguous().MoveToOuterDisposeScope(),
            holdout.MoveToOuterDisposeScope());
    }

    private (EarlyStopping Stopping, int Epochs, long Steps, double TrainLoss) Train(
        FitData data, Func<EnsembleDiagnosis> diagnosis, CancellationToken cancellationToken)
    {
        var count = (int)data.Inputs.size(0);
        var stopping = new EarlyStopping(_options.MemberCount, _options.ImprovementThreshold, _options.Patience);
        var stepLimit = _options.MaxOptimizerSteps ?? long.MaxValue;
        var (epoch, steps, trainLoss) = (0, 0L, 0.0);
        // Drawn once a fit: drawing again each epoch would in the end show every member all rows and make them alike.
        using var bootstrap = (_options.Bootstrap ? randint(count, [_options.MemberCount, count], ScalarType.Int64, generator: _generator) : AllRows(count))
            .DetachFromDisposeScope();
        using var order = bootstrap.to(_model.Device).DetachFromDisposeScope();
        do
        {
            using var scope = NewDisposeScope();
            if (epoch > 0)
            {
                Shuffle(bootstrap);
                order.copy_(bootstrap);
            }
            var before = steps;
            for (var start = 0; start < count && steps < stepLimit; start += _options.BatchSize, steps++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _update.Step(data.Inputs, data.Targets, order, start, Math.Min(_options.BatchSize, count - start));
            }
            trainLoss = _update.TakeLossSum() / (steps - before);
            EnsembleGuard.CheckLoss(trainLoss, epoch, _optimizer.StepCount, diagnosis);
            epoch++;
            if (!HoldsOut) continue;
            var errors = _update.Errors(data.HoldoutInputs, data.HoldoutTargets);
            foreach (var member in stopping.Observe(epoch - 1, errors)) _model.Network.CopyMember(member, _model.Network.Flat, _best);
        }
        while (!stopping.ShouldStop && steps < stepLimit && epoch < (_options.MaxEpochs ?? int.MaxValue));
        return (stopping, epoch, steps, trainLoss);
    }

    private Tensor AllRows(int count)
    {
        using var scope = NewDisposeScope();
        return stack(
            [.. Enumerable.Range(0, _options.MemberCount).Select(_ => randperm(count, ScalarType.Int64, generator: _generator))], 0).MoveToOuterDisposeScope();
    }

    // Another order of each member's sample, by Fisher and Yates: sorting random numbers would take fifteen times as long.
    private void Shuffle(Tensor bootstrap)
    {
        using var scope = NewDisposeScope();
        var random = new RandomSource((int)randint(int.MaxValue, [1], ScalarType.Int64, generator: _generator).item<long>());
        var count = (int)bootstrap.size(1);
        for (var rows = MemoryMarshal.Cast<byte, long>(bootstrap.bytes); rows.Length > 0; rows = rows[count..])
        {
            for (var last = count - 1; last > 0; last--)
            {
                var other = random.NextInt32(last + 1);
                (rows[last], rows[other]) = (rows[other], rows[last]);
            }
        }
    }

    // Each member gets its own best weights back; the bounds of the log variance and the optimizer's moments go on from where they are.
    private void Restore(EarlyStopping stopping)
    {
        for (var member = 0; member < _options.MemberCount; member++)
            if (stopping.BestEpochs[member] >= 0) _model.Network.CopyMember(member, _best, _model.Network.Flat);
    }

    private int[] ChooseElites(double[] losses, Func<EnsembleDiagnosis> diagnosis)
    {
        var finite = Enumerable.Range(0, losses.Length).Where(member => double.IsFinite(losses[member])).OrderBy(member => losses[member]).ToArray();
        return finite.Length >= _options.EliteCount
            ? finite[.._options.EliteCount]
            : throw EnsembleGuard.Fault(
                DynamicsMetricNames.HoldoutLoss, losses.First(loss => !double.IsFinite(loss)), _optimizer.StepCount,
                Invariant($"only {finite.Length} of {losses.Length} members have a finite holdout error, but {_options.EliteCount} are needed"), diagnosis);
    }

    private void CheckRows(Tensor rows)
    {
        var width = _model.Layout.Width;
        if (rows.dim() != 2 || rows.size(1) != width)
            throw new ArgumentException(Invariant($"The transitions must be [rows, {width}], but are [{string.Join(", ", rows.shape)}]."), nameof(rows));
        if (rows.size(0) < 2)
            throw new ArgumentException(
                Invariant($"The ensemble needs at least 2 transitions, one to train on and one to hold out, but got {rows.size(0)}; collect more."),
                nameof(rows));
    }

    public void Dispose()
    {
        _update.Dispose();
        _optimizer.Dispose();
        _best.Dispose();
        _generator.Dispose();
        _model.Dispose();
    }

    // All on the model's device: inputs standardised, targets as the networks learn them, and the held-out transitions as they are.
    private readonly record struct FitData(Tensor Inputs, Tensor Targets, Tensor HoldoutInputs, Tensor HoldoutTargets, Tensor HoldoutRows);
}
