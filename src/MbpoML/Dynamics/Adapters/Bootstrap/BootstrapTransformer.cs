using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Dynamics.Adapters.Bootstrap;

/// <summary>
/// A fitted bootstrap ensemble: adds to each row of observation and action the predicted change of the observation and the reward, with standard deviations.
/// </summary>
/// <remarks>
/// It adds <c>PredictedObservationDelta</c> and <c>PredictedObservationDeltaStandardDeviation</c> (vector&lt;float, n&gt;), <c>PredictedReward</c> and
/// <c>PredictedRewardStandardDeviation</c> (float), in environment units: mean and standard deviation of the mixture of the members. Draws, and what each
/// member says, come from <see cref="Model"/>. ML.NET's <c>Model.Save</c> writes <see cref="Pipeline"/>, which ML.NET loads without MbpoML; the members
/// themselves are not in the file.
/// </remarks>
public sealed class BootstrapTransformer : ITransformer, IDynamicsTransformer, IDisposable
{
    private readonly BootstrapDynamicsModel _model;

    internal BootstrapTransformer(
        TransformerChain<ITransformer> pipeline, IReadOnlyList<BootstrapMember> members, TransitionLayout layout, TransitionColumns columns) =>
        (Pipeline, _model) = (pipeline, new BootstrapDynamicsModel(members, layout, columns));

    /// <summary>The members on tensors. Not safe for concurrent use.</summary>
    public IEnsembleDynamicsModel Model => _model;

    IDynamicsModel IDynamicsTransformer.Model => _model;

    /// <summary>The whole ensemble as ML.NET's own transformers.</summary>
    public TransformerChain<ITransformer> Pipeline { get; }

    /// <summary>True: each row is predicted by itself, so a <see cref="PredictionEngine{TSrc, TDst}"/> works.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The mean squared error of the members on the rows that they did not draw, averaged over members and outputs.</summary>
    double? IDynamicsTransformer.HoldoutMeanSquaredError => _model.LeftOutMeanSquaredError;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Pipeline.GetOutputSchema(inputSchema);
    }

    /// <summary>Adds the predictions; they are computed when the result is read.</summary>
    /// <param name="input">A view with the observation and action columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Pipeline.Transform(input);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ((ITransformer)Pipeline).GetRowToRowMapper(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ((ICanSaveModel)Pipeline).Save(ctx);
    }

    /// <summary>Frees what the fitted regressions hold.</summary>
    public void Dispose() => Pipeline.Dispose();
}
