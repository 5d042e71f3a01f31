using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Dynamics.Metrics;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>
/// A fitted ensemble with constant noise: adds to each row of observation and action the predicted next observation and reward, with standard deviations.
/// </summary>
/// <remarks>
/// It adds <c>PredictedNextObservation</c> and <c>PredictedNextObservationStandardDeviation</c> (vector&lt;float, n&gt;), <c>PredictedReward</c> and
/// <c>PredictedRewardStandardDeviation</c> (float), in environment units: mean and standard deviation of the mixture of the members
/// (<see cref="IEnsembleDynamicsModel.Predict"/>). Draws, and what each member says, come from <see cref="Model"/>. ML.NET's <c>Model.Save</c> writes the
/// mixture as an OnnxTransformer, which ML.NET loads without MbpoML, with a reward that is a vector of one; the members themselves are not in the file.
/// </remarks>
public sealed class HomoscedasticTransformer : ITransformer, IDynamicsTransformer, IDisposable
{
    private readonly ComponentContext _context;
    private readonly HomoscedasticLearner _learner;

    /// <summary>Takes the fitted learner over.</summary>
    internal HomoscedasticTransformer(ComponentContext context, HomoscedasticLearner learner, TransitionColumns columns)
    {
        (_context, _learner, Columns) = (context, learner, columns);
        Report = learner.Report ?? throw new InvalidOperationException("The homoscedastic ensemble was not fitted yet.");
    }

    /// <summary>The names of the columns it reads.</summary>
    public TransitionColumns Columns { get; }

    /// <summary>What was measured in the fit.</summary>
    public HomoscedasticFitReport Report { get; }

    /// <summary>The model on tensors; it lives as long as this transformer.</summary>
    public IEnsembleDynamicsModel Model => _learner.Ensemble;

    IDynamicsModel IDynamicsTransformer.Model => Model;

    double? IDynamicsTransformer.HoldoutMeanSquaredError => Report.Holdout?.Members.Average(member => member.MeanSquaredError);

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
        _learner.Ensemble.RequireAlive();
        using var threads = TorchThreads.Use(1);
        using var scope = torch.NewDisposeScope();
        using var table = TransitionReader.Read(transitions, Columns);
        FittedSizes.Check(table.Layout, Model.Layout, nameof(transitions));
        return _learner.Evaluate(table.Rows);
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

    /// <summary>Saves the mixture as an ML.NET OnnxTransformer, so that a program without this library loads it.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        _learner.Ensemble.RequireAlive();
        var model = HomoscedasticOnnxGraph.Author(_learner.Ensemble, Columns);
        OnnxTransformerFile.Write(_context.ML, model, [Columns.Observation, Columns.Action], [.. HomoscedasticOnnxGraph.Outputs], NoRows(), ctx);
    }

    /// <summary>Frees the networks.</summary>
    public void Dispose() => _learner.Dispose();

    private void CheckInputs(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema, "inputSchema");
        _learner.Ensemble.RequireAlive();
        FittedSizes.CheckWidth(RowField.Vector(schema, Columns.Observation, 0), Model.Layout.ObservationSize);
        FittedSizes.CheckWidth(RowField.Vector(schema, Columns.Action, 0), Model.Layout.ActionSize);
    }

    private IDataView NoRows()
    {
        var schema = SchemaDefinition.Create(typeof(InputRow));
        foreach (var (index, name, size) in ((int, string, int)[])[
            (0, Columns.Observation, Model.Layout.ObservationSize), (1, Columns.Action, Model.Layout.ActionSize)])
            (schema[index].ColumnName, schema[index].ColumnType) = (name, new VectorDataViewType(NumberDataViewType.Single, size));
        return _context.ML.Data.LoadFromEnumerable(Array.Empty<InputRow>(), schema);
    }

    private sealed class InputRow
    {
        public float[] Observation { get; set; } = [];

        public float[] Action { get; set; } = [];
    }
}
