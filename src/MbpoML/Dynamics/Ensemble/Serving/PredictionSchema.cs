using MbpoML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Dynamics.Ensemble.Serving;

/// <summary>The columns that a dynamics transformer adds, as a schema and as a shape.</summary>
internal static class PredictionSchema
{
    public const string NextObservationDeviation = TransitionColumns.PredictedNextObservation + TransitionColumns.StandardDeviationSuffix;
    public const string RewardDeviation = TransitionColumns.PredictedReward + TransitionColumns.StandardDeviationSuffix;

    /// <summary>The added columns in their order: mean and standard deviation of the next observation, then of the reward.</summary>
    public static DataViewSchema AddTo(DataViewSchema input, int observationSize)
    {
        var vector = new VectorDataViewType(NumberDataViewType.Single, observationSize);
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(input);
        schema.AddColumn(TransitionColumns.PredictedNextObservation, vector);
        schema.AddColumn(NextObservationDeviation, vector);
        schema.AddColumn(TransitionColumns.PredictedReward, NumberDataViewType.Single);
        schema.AddColumn(RewardDeviation, NumberDataViewType.Single);
        return schema.ToSchema();
    }

    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or holds something else than floats.</exception>
    public static SchemaShape AddTo(MLContext mlContext, SchemaShape input, TransitionColumns columns)
    {
        input.RequireFloats(columns.Observation);
        input.RequireFloats(columns.Action);
        return input.With(
            SchemaShapes.Vector(mlContext, TransitionColumns.PredictedNextObservation),
            SchemaShapes.Vector(mlContext, NextObservationDeviation),
            SchemaShapes.Scalar(mlContext, TransitionColumns.PredictedReward),
            SchemaShapes.Scalar(mlContext, RewardDeviation));
    }
}
