using MbpoML.Data;
using MbpoML.Numerics;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>Makes a dynamics model of any ML.NET transformer that keeps the column contract.</summary>
/// <remarks>
/// The transformer gets the columns of observation and action and must give <c>PredictedReward</c> (float) and either <c>PredictedNextObservation</c> or
/// <c>PredictedObservationDelta</c> (vector&lt;float, n&gt;). Where it also gives the same names with <c>StandardDeviation</c> appended, normal noise of that size is
/// drawn; where it gives <c>PredictedTerminated</c> (bool), that ends imagined episodes. The pipeline is bound once to a view whose rows are replaced at each
/// call. Not safe for concurrent use.
/// </remarks>
public sealed class TransformerDynamicsModel : IDynamicsModel
{
    private const int InitialCapacity = 1024;

    private readonly ITransformer _transformer;
    private readonly TransitionColumns _columns;
    private float[] _observations = [];
    private float[] _actions = [];
    private DenseDataView _input;
    private IDataView _output;
    private PredictedColumns _predicted;

    /// <summary>Binds a transformer.</summary>
    /// <param name="transformer">Stays the caller's; it is never disposed here.</param>
    /// <param name="layout">The sizes of observation and action.</param>
    /// <param name="columns">The names of the columns that the transformer reads; the defaults when null.</param>
    /// <exception cref="ArgumentException">The transformer does not give the columns above, or gives them with another type or size.</exception>
    public TransformerDynamicsModel(ITransformer transformer, TransitionLayout layout, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(layout);
        (_transformer, Layout, _columns) = (transformer, layout, TransitionColumns.Checked(columns));
        (_input, _output, _predicted) = Bind(InitialCapacity);
    }

    /// <inheritdoc/>
    public TransitionLayout Layout { get; }

    /// <inheritdoc/>
    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        TensorCheck.Alive(generator);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (values, fields) = (Predict(observation, action), _predicted);
        var outcome = values.narrow(1, 0, 1 + Layout.ObservationSize);
        if (fields.IsDelta) outcome = outcome.Plus(nn.functional.pad(observation.cpu(), [1, 0]));
        if (fields.HasNoise)
            outcome = outcome.Plus(values.narrow(1, fields.NoiseOffset, 1 + Layout.ObservationSize) * randn(values.size(0), 1 + Layout.ObservationSize, float32, generator: generator));
        outcome = outcome.to(observation.device);
        var terminated = fields.HasTermination ? values.select(1, fields.TerminationOffset).to(ScalarType.Bool).to(observation.device).MoveToOuterDisposeScope() : null;
        return new DynamicsSample(
            outcome.narrow(1, 1, Layout.ObservationSize).MoveToOuterDisposeScope(), outcome.select(1, 0).MoveToOuterDisposeScope(), terminated);
    }

    /// <summary>The mean squared error of the predicted rewards and next observations, averaged over outputs.</summary>
    internal double MeanSquaredError(Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var observation = Layout.Observation(rows).cpu();
        var outcome = Predict(observation, Layout.Action(rows)).narrow(1, 0, 1 + Layout.ObservationSize);
        if (_predicted.IsDelta) outcome = outcome.Plus(nn.functional.pad(observation, [1, 0]));
        return (outcome - TargetCodec.Outcomes(Layout, rows).cpu()).Squared().mean().to(float64).item<double>();
    }

    // [batch, width of the fields], on the CPU: the columns as the transformer gives them.
    private Tensor Predict(Tensor observation, Tensor action)
    {
        TensorCheck.Matrix(observation, Layout.ObservationSize);
        TensorCheck.Matrix(action, Layout.ActionSize);
        var batch = (int)observation.size(0);
        if (batch == 0) throw new ArgumentException("There are no rows to predict; give at least one observation.", nameof(observation));
        if (action.size(0) != batch) throw new ArgumentException($"There are {batch} observations, but {action.size(0)} actions; give one a row.", nameof(action));
        if (batch > _observations.Length / Layout.ObservationSize) (_input, _output, _predicted) = Bind(Math.Max(batch, 2 * _observations.Length / Layout.ObservationSize));
        observation.cpu().contiguous().data<float>().CopyTo(_observations);
        action.cpu().contiguous().data<float>().CopyTo(_actions);
        _input.Refill(batch);
        return RowReader.Read(_output, _predicted.Fields, _predicted.Width);
    }

    private (DenseDataView Input, IDataView Output, PredictedColumns Predicted) Bind(int capacity)
    {
        (_observations, _actions) = (new float[capacity * Layout.ObservationSize], new float[capacity * Layout.ActionSize]);
        var input = new DenseDataView.Builder()
            .AddVector(_columns.Observation, Layout.ObservationSize, _observations)
            .AddVector(_columns.Action, Layout.ActionSize, _actions)
            .Build();
        var output = _transformer.Transform(input);
        return (input, output, PredictedColumns.Find(output.Schema, Layout.ObservationSize));
    }
}
