using MbpoML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MbpoML.Tests.Fakes;

/// <summary>
/// A custom dynamics estimator made of nothing but ML.NET: knows the line's physics, and marks its rewards (1000) so that imagined rows can be told from real
/// ones.
/// </summary>
internal sealed class ExactDynamicsEstimator(MLContext mlContext) : IEstimator<ITransformer>
{
    public const float MarkedReward = 1000;

    public List<long> FittedRows { get; } = [];

    public ITransformer Fit(IDataView input)
    {
        FittedRows.Add(input.GetRowCount() ?? throw new InvalidOperationException("The trainer's view knows its rows."));
        return Pipeline().Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Pipeline().GetOutputSchema(inputSchema);

    private CustomMappingEstimator<Transition, Prediction> Pipeline() => mlContext.Transforms.CustomMapping<Transition, Prediction>((from, to) =>
    {
        to.PredictedNextObservation = [from.Observation[0] + (0.3f * Math.Clamp(from.Action[0], -2, 2))];
        to.PredictedReward = MarkedReward;
    }, null);

    private sealed class Transition
    {
        [VectorType(1)]
        public float[] Observation { get; set; } = [];

        [VectorType(1)]
        public float[] Action { get; set; } = [];
    }

    private sealed class Prediction
    {
        [VectorType(1), ColumnName(TransitionColumns.PredictedNextObservation)]
        public float[] PredictedNextObservation { get; set; } = [];

        [ColumnName(TransitionColumns.PredictedReward)]
        public float PredictedReward { get; set; }
    }
}
