using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Metrics;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace MbpoML.Dynamics.Ensemble.Serving;

/// <summary>A fitted ensemble: adds to each row of observation and action the predicted next observation and reward, with standard deviations.</summary>
/// <remarks>
/// It adds <c>PredictedNextObservation</c> and <c>PredictedNextObservationStandardDeviation</c> (vector&lt;float, n&gt;), <c>PredictedReward</c> and
/// <c>PredictedRewardStandardDeviation</c> (float), in environment units: mean and standard deviation of the mixture of the elites
/// (<see cref="IEnsembleDynamicsModel.Predict"/>). Draws, and what each member says, come from <see cref="Model"/>.
/// </remarks>
public sealed class DynamicsTransformer : ITransformer, IDynamicsTransformer, IDisposable
{
    private readonly EnsembleLearner _learner;

    /// <summary>Takes the fitted learner over.</summary>
    internal DynamicsTransformer(EnsembleLearner learner, TransitionColumns columns)
    {
        (_learner, Columns) = (learner, columns);
        Report = learner.Report ?? throw new InvalidOperationException("The dynamics ensemble was not fitted yet.");
    }

    /// <summary>The names of the columns it reads.</summary>
    public TransitionColumns Columns { get; }

    /// <summary>What was measured in the fit.</summary>
    public DynamicsFitReport Report { get; }

    /// <summary>The model on tensors; it lives as long as this transformer.</summary>
    public IEnsembleDynamicsModel Model => _learner.Ensemble;

    IDynamicsModel IDynamicsTransformer.Model => Model;

    /// <summary>True: each row is predicted by itself, so a <see cref="PredictionEngine{TSrc, TDst}"/> works.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>Measures the one-step error and calibration on transitions, such as those of episodes held out.</summary>
    /// <param name="transitions">Transitions of the sizes it was fitted on.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type or size, the view no rows, or a value is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public DynamicsMetrics Evaluate(IDataView transitions)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        RequireAlive();
        using var threads = TorchThreads.Use(1);
        using var scope = torch.NewDisposeScope();
        using var table = TransitionReader.Read(transitions, Columns);
        FittedSizes.Check(table.Layout, Model.Layout, nameof(transitions));
        return DynamicsEvaluator.Evaluate(_learner.Ensemble, table.Rows);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type or size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        CheckInputs(inputSchema);
        return PredictionSchema.AddTo(inputSchema, Model.Layout.ObservationSize);
    }

    /// <summary>Adds the predictions; they are computed, in blocks of rows, when the result is read.</summary>
    /// <param name="input">A view with the observation and action columns. A value there that is not finite becomes an <see cref="InvalidOperationException"/>
    /// when its row is read.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type or size.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    /// <exception cref="InvalidOperationException">When a row is read: it has a value that is not finite.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckInputs(input.Schema);
        return new PredictionView(input, Model, Columns);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type or size.</exception>
    /// <exception cref="InvalidOperationException">When a row is read: it has another length, or a value that is not finite.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        CheckInputs(inputSchema);
        return new PredictionMapper(inputSchema, Model, Columns);
    }

    /// <summary>Not supported: an ensemble is refitted from its transitions; the policy is what is saved.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException(
            "The dynamics ensemble is not saved as an ML.NET model; save the policy, or keep the transitions and fit the ensemble again. " +
            "A pipeline from Dynamics.Regression, made of ML.NET's own parts, can be saved.");

    /// <summary>Frees the networks.</summary>
    public void Dispose() => _learner.Dispose();

    private void CheckInputs(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema, "inputSchema");
        RequireAlive();
        FittedSizes.CheckWidth(RowField.Vector(schema, Columns.Observation, 0), Model.Layout.ObservationSize);
        FittedSizes.CheckWidth(RowField.Vector(schema, Columns.Action, 0), Model.Layout.ActionSize);
    }

    private void RequireAlive() => ObjectDisposedException.ThrowIf(_learner.Ensemble.Network.Flat.IsInvalid, this);
}
