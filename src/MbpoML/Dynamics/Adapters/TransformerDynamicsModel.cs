using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Adapters;

/// <summary>Makes a dynamics model of any ML.NET transformer that keeps the column contract.</summary>
/// <remarks>
/// The transformer gets the columns of observation and action and must give <c>PredictedReward</c> (float) and either <c>PredictedNextObservation</c> or
/// <c>PredictedObservationDelta</c> (vector&lt;float, n&gt;). Where it also gives the same names with <c>StandardDeviation</c> appended, normal noise of that
/// size is drawn; where it gives <c>PredictedTerminated</c> (bool), that ends imagined episodes. The pipeline is bound once to a view whose rows are replaced
/// at each call. Fitted trees and linear regressions are read once and evaluated here for many rows at once, with ML.NET's own numbers; everything else is
/// computed by ML.NET. Not safe for concurrent use.
/// </remarks>
public sealed class TransformerDynamicsModel : IDynamicsModel
{
    private readonly BoundPipeline _pipeline;
    private readonly PredictedColumns _predicted;

    /// <summary>Makes a dynamics model of a fitted transformer.</summary>
    /// <param name="transformer">Stays the caller's; it is never disposed here.</param>
    /// <param name="layout">The sizes of observation and action.</param>
    /// <param name="columns">The names of the columns that the transformer reads; the defaults when null.</param>
    /// <exception cref="ArgumentException">The transformer does not give the columns above, or gives them with another type or size.</exception>
    public TransformerDynamicsModel(ITransformer transformer, TransitionLayout layout, TransitionColumns? columns = null)
        : this(transformer, layout, columns, mayCompile: true)
    {
    }

    /// <param name="transformer">The fitted transformer.</param>
    /// <param name="layout">The sizes of the transitions.</param>
    /// <param name="columns">The names of the columns that the transformer reads; the defaults when null.</param>
    /// <param name="mayCompile">False leaves every prediction to ML.NET, to compare with.</param>
    internal TransformerDynamicsModel(ITransformer transformer, TransitionLayout layout, TransitionColumns? columns, bool mayCompile)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        var (size, width) = (layout.ObservationSize, PredictedColumns.WidthOf(layout.ObservationSize));
        _pipeline = new BoundPipeline(
            transformer, layout, TransitionColumns.Checked(columns), schema => PredictedColumns.Find(schema, size).Fields, width, mayCompile);
        _predicted = PredictedColumns.Find(_pipeline.Schema, size);
    }

    /// <inheritdoc/>
    public TransitionLayout Layout { get; }

    /// <summary>Whether the regressions are computed here rather than by ML.NET.</summary>
    internal bool IsCompiled => _pipeline.IsCompiled;

    /// <inheritdoc/>
    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        TensorCheck.Alive(generator);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (values, fields) = (_pipeline.Predict(observation, action), _predicted);
        var outcome = values.narrow(1, 0, 1 + Layout.ObservationSize);
        if (fields.IsDelta) outcome = outcome.Plus(nn.functional.pad(observation.cpu(), [1, 0]));
        if (fields.HasNoise)
            outcome = outcome.Plus(values.narrow(1, fields.NoiseOffset, 1 + Layout.ObservationSize) * randn(
                values.size(0), 1 + Layout.ObservationSize, float32, generator: generator));
        outcome = outcome.to(observation.device);
        var terminated = fields.HasTermination
            ? values.select(1, fields.TerminationOffset).to(ScalarType.Bool).to(observation.device).MoveToOuterDisposeScope() : null;
        return new DynamicsSample(
            outcome.narrow(1, 1, Layout.ObservationSize).MoveToOuterDisposeScope(), outcome.select(1, 0).MoveToOuterDisposeScope(), terminated);
    }

    /// <summary>The columns as the transformer gives them: [batch, width of <see cref="PredictedColumns"/>], on the CPU; the caller disposes it.</summary>
    internal Tensor PredictColumns(Tensor observation, Tensor action) => _pipeline.Predict(observation, action);

    /// <summary>The mean squared error of the predicted rewards and next observations, averaged over outputs.</summary>
    internal double MeanSquaredError(Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var observation = Layout.Observation(rows).cpu();
        var outcome = _pipeline.Predict(observation, Layout.Action(rows)).narrow(1, 0, 1 + Layout.ObservationSize);
        if (_predicted.IsDelta) outcome = outcome.Plus(nn.functional.pad(observation, [1, 0]));
        return (outcome - TargetCodec.Outcomes(Layout, rows).cpu()).Squared().mean().to(float64).item<double>();
    }
}
