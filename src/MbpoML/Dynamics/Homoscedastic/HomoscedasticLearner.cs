using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Homoscedastic.Fused;
using MbpoML.Dynamics.Metrics;
using MbpoML.Numerics;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>Fits an ensemble with constant noise again and again, each time with a fixed number of optimizer steps from where the last fit ended.</summary>
/// <remarks>
/// Official code: erl_lib, agent/svg.py and modules/gaussian_mlp.py; the fixed number of steps is ours. Scales are taken from all transitions at each fit.
/// </remarks>
internal sealed partial class HomoscedasticLearner : IDynamicsLearner, ISaved
{
    // Steps between two looks at the loss.
    private const int GuardInterval = 50;

    private readonly HomoscedasticEnsembleTrainer.Options _options;
    private readonly HomoscedasticModel _model;
    private readonly HomoscedasticState _state;
    private readonly IHomoscedasticUpdate _update;
    private readonly HomoscedasticGuard _guard;
    // Decides the weights of rows and who is held out.
    private int _rowSeed;
    // Fits so far, and the rows of the last.
    private long _fits, _fittedRows;

    /// <summary>Networks with fresh weights.</summary>
    /// <param name="layout">The sizes of the transitions to come.</param>
    /// <param name="options">Validated; not changed by anybody any more.</param>
    /// <param name="seed">Decides the initial weights, the weights of rows, the holdout, minibatches and dropout.</param>
    /// <param name="device">Where everything stands and runs; the CPU when null.</param>
    public HomoscedasticLearner(TransitionLayout layout, HomoscedasticEnsembleTrainer.Options options, int seed, Device? device = null)
    {
        (_options, _rowSeed) = (options, Seeds.Derive(seed, "dynamics/rows"));
        _model = new HomoscedasticModel(layout, options, device ?? CPU);
        using (var initial = new Generator((ulong)Seeds.Derive(seed, "dynamics/initial-weights"))) _model.Network.Initialize(initial);
        _state = new HomoscedasticState(options, _model.Network, seed);
        _update = _model.Workers is { } workers ? new FusedHomoscedasticUpdate(_state, workers) : new ReferenceHomoscedasticUpdate(_state);
        _guard = new HomoscedasticGuard(options, _model);
    }

    public IDynamicsModel Model => _fits > 0 ? _model : throw new InvalidOperationException("The homoscedastic ensemble was not fitted yet; call Fit first.");

    public bool IsEnsemble => true;

    public bool PredictsTermination => false;

    /// <summary>The model as it stands, fitted or not.</summary>
    internal HomoscedasticModel Ensemble => _model;

    /// <summary>Networks, optimizers and streams.</summary>
    internal HomoscedasticState State => _state;

    /// <summary>How steps are taken: the fast path or the reference.</summary>
    internal IHomoscedasticUpdate Updater => _update;

    /// <summary>What was measured in the last fit of this process; null before the first.</summary>
    internal HomoscedasticFitReport? Report { get; private set; }

    /// <exception cref="ArgumentException">There are no rows, or rows of another width or with values that are not finite.</exception>
    /// <exception cref="LearningException">The training diverged.</exception>
    public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
    {
        CheckRows(rows);
        // Several threads within an operation help no fit on the CPU that other programs are not kept from.
        using var threads = _model.Device.type == DeviceType.CPU ? TorchThreads.Use(1) : default;
        using var scope = NewDisposeScope();
        var newRowsLoss = NewRowsLoss(rows);
        var data = Prepare(rows);
        if (!_options.KeepOptimizerState) _state.ResetOptimizers();
        var (steps, kept, loss) = Train(data, cancellationToken);
        Report = Measure(rows, data, steps, kept, loss, newRowsLoss);
        (_fits, _fittedRows) = (_fits + 1, rows.size(0));
        return Report.ToMetrics();
    }

    /// <summary>Scales the rows, which decides the model's scales, and parts them.</summary>
    internal FitRows Prepare(Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var all = rows.to(_model.Device);
        var (inputs, targets) = (_model.Layout.ObservationAction(all), _model.Codec.Targets(all));
        FitScales(inputs, targets);
        var hashes = TransitionHash.Of(rows.cpu().contiguous().Floats(), _model.Layout.Width, _rowSeed);
        var (training, heldOut) = Part(hashes);
        return new FitRows(
            _model.InputScale.Apply(inputs).contiguous().MoveToOuterDisposeScope(), _model.Codec.Encode(targets).contiguous().MoveToOuterDisposeScope(), hashes,
            training, heldOut);
    }

    private void FitScales(Tensor inputs, Tensor targets)
    {
        var tolerance = _fits == 0 ? 0 : _options.ScaleTolerance;
        using var ofInputs = new ScaleChange(_model.InputScale, () => _model.InputScale.FitTo(inputs), tolerance);
        using var ofTargets = new ScaleChange(_model.Codec.Scale!, () => _model.Codec.FitTo(targets), tolerance);
        // What was learned before stays what it was in the environment's units, so that a short fit has not to learn it again.
        if (_fits == 0 || !_options.KeepsFunctions) return;
        ofInputs.KeepInputs(_model.Network.Flat, _model.Network.Shape);
        ofTargets.KeepOutputs(_model.Network.Flat, _model.Network.Shape);
        ofTargets.KeepLogDeviations(_model.Network.LogNoise);
        _model.Network.Changed();
    }

    // Of very few rows all may be chosen to be held out: then none are.
    private (int[] Training, int[] HeldOut) Part(ulong[] hashes)
    {
        var (training, heldOut) = (new List<int>(hashes.Length), new List<int>());
        for (var row = 0; row < hashes.Length; row++) (TransitionHash.IsHeldOut(hashes[row], _options.HoldoutRatio) ? heldOut : training).Add(row);
        return training.Count > 0 ? ([.. training], [.. heldOut]) : ([.. heldOut], []);
    }

    private (int Steps, int Kept, double Loss) Train(FitRows rows, CancellationToken cancellationToken)
    {
        var total = _options.StepsOf(_fits == 0, rows.Inputs.size(0));
        using var stopping = _options.Patience is { } patience && rows.HeldOut.Length > 0 ? new HoldoutStopping(_model, rows, Newest(rows), patience) : null;
        // Weights that never were fitted are none to go back to.
        if (_fits > 0) stopping?.Observe(0);
        var (step, loss) = (0, 0.0);
        while (step < total && stopping?.ShouldStop is not true)
        {
            var count = Math.Min(stopping is null ? GuardInterval : _options.HoldoutInterval, total - step);
            loss = _update.Run(rows, new StepRange(step, count, total), cancellationToken);
            step += count;
            _guard.Check(loss, rows, _state.Weights.StepCount);
            stopping?.Observe(step);
        }

        return (step, stopping?.Restore() ?? step, loss);
    }

    private HomoscedasticFitReport Measure(Tensor rows, FitRows data, int steps, int kept, double loss, double? newRowsLoss)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (outputs, units) = (1 + _model.Layout.ObservationSize, _model.Codec.Scale!.Deviation.cpu().data<float>().ToArray());
        var deviations = _model.Network.LogNoise.exp();
        var noise = (deviations.mean([0L]) * _model.Codec.Scale.Deviation.view(-1)).cpu().data<float>().ToArray();
        var newest = Newest(data);
        var metrics = newest.Length == 0 ? null : Evaluate(rows.index_select(0, tensor(newest, ScalarType.Int64).to(rows.device)));
        double? holdoutLoss = metrics?.Members.Average(
            member => Enumerable.Range(0, outputs).Average(output => member.Outputs[output].MeanSquaredError / Math.Pow(units[output], 2)));
        return new HomoscedasticFitReport(
            steps, kept, data.Training.Length, newest.Length, loss, newRowsLoss, [.. noise.Select(value => (double)value)], deviations.mean().item<float>(),
            holdoutLoss, metrics);
    }

    /// <summary>Error, likelihood and calibration on transitions.</summary>
    internal DynamicsMetrics Evaluate(Tensor rows) => DynamicsEvaluator.Evaluate(_model.Layout, _model.EliteCount, rows, (observation, action) =>
    {
        var members = _model.PredictMembers(observation, action);
        return (members, MemberMixture.Of(members));
    });

    private int[] Newest(FitRows rows) => rows.HeldOut[^Math.Min(rows.HeldOut.Length, _options.MaxHoldoutRows)..];

    // New rows follow those of the last fit. Where the pool is full, nobody knows which are new.
    private double? NewRowsLoss(Tensor rows)
    {
        var count = Math.Min(rows.size(0) - _fittedRows, _options.MaxHoldoutRows);
        if (_fits == 0 || count <= 0) return null;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var newest = rows.narrow(0, rows.size(0) - count, count).to(_model.Device);
        return _model.MeanSquaredError(_model.InputScale.Apply(_model.Layout.ObservationAction(newest)), _model.Codec.Encode(_model.Codec.Targets(newest)));
    }

    private void CheckRows(Tensor rows)
    {
        TensorCheck.Matrix(rows, _model.Layout.Width);
        if (rows.size(0) == 0)
            throw new ArgumentException(
                "There are no transitions, but the homoscedastic ensemble needs at least one to learn from; collect some.", nameof(rows));
        TensorCheck.Finite(rows);
    }

    public void Dispose()
    {
        _update.Dispose();
        _state.Dispose();
        _model.Dispose();
    }
}
