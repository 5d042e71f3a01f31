using MbpoML.Data;
using MbpoML.Dynamics.Adapters.Bootstrap;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Metrics;
using MbpoML.Numerics.Kernels;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Adapters;

/// <summary>Refits any ML.NET estimator that keeps the column contract, from nothing at each call: ML.NET's own trainers have no warm start.</summary>
internal sealed class EstimatorDynamicsLearner(IEstimator<ITransformer> estimator, TransitionLayout layout, TransitionColumns? columns = null)
    : IDynamicsLearner
{
    // The training error is a plain number for a curve: so many rows make it accurate enough.
    private const int RowsForError = 5000;

    private ITransformer? _transformer;
    private IDynamicsModel? _model;

    public IDynamicsModel Model => _model ?? throw new InvalidOperationException("The dynamics model was not fitted yet; call Fit first.");

    public bool IsEnsemble => estimator is IEnsembleEstimator;

    public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var table = new TransitionTable(layout, Copy(rows));
        var fitted = estimator.Fit(table.ToDataView(columns)) ??
            throw new InvalidOperationException($"Fit of the dynamics estimator {estimator.GetType().Name} returned null.");
        Dispose();
        _transformer = fitted;
        var metrics = new Dictionary<string, double> { [DynamicsMetricNames.TrainingRows] = table.Count };
        _model = DynamicsPlug.CreateModel(fitted, layout, columns);
        if (fitted is IDynamicsTransformer { HoldoutMeanSquaredError: { } heldOut }) metrics[DynamicsMetricNames.HoldoutMeanSquaredError] = heldOut;
        using var head = table.Rows.narrow(0, 0, Math.Min(RowsForError, table.Count));
        if (MeanSquaredError(_model, head) is { } error) metrics[DynamicsMetricNames.TrainMeanSquaredError] = error;
        return metrics;
    }

    private double? MeanSquaredError(IDynamicsModel model, Tensor rows)
    {
        if (model is TransformerDynamicsModel adapter) return adapter.MeanSquaredError(rows);
        if (model is not BootstrapDynamicsModel bootstrap) return null;
        using var scope = NewDisposeScope();
        return (bootstrap.Predict(layout.Observation(rows), layout.Action(rows)).Mean - TargetCodec.Outcomes(layout, rows)).Squared().mean().to(float64)
            .item<double>();
    }

    // On the CPU, without gaps. What the estimator itself makes stays outside the scope.
    private static Tensor Copy(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return rows.cpu().contiguous().clone().MoveToOuterDisposeScope();
    }

    public void Dispose() => (_transformer as IDisposable)?.Dispose();
}
