using MbpoML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Dynamics;

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
        ArgumentNullException.ThrowIfNull(input);
        RequireFloats(input, columns.Observation);
        RequireFloats(input, columns.Action);
        return Shape<Prediction>(mlContext, input);
    }

    /// <summary>Adds the columns of a class. A mapping that is never run is the one public way to make a column of a shape.</summary>
    public static SchemaShape Shape<T>(MLContext mlContext, SchemaShape input)
        where T : class, new() =>
        mlContext.Transforms.CustomMapping<Nothing, T>((_, _) => { }, contractName: null).GetOutputSchema(input);

    public static void RequireFloats(SchemaShape input, string name)
    {
        var column = input.FirstOrDefault(column => column.Name == name);
        if (column.Name is null) throw new ArgumentOutOfRangeException(nameof(input), name, $"Could not find input column '{name}'.");
        if (column.ItemType != NumberDataViewType.Single)
            throw new ArgumentOutOfRangeException(nameof(input), name, $"Schema mismatch for input column '{name}': expected Single or a vector of it, got {column.ItemType}.");
    }

    private sealed class Nothing;

    private sealed class Prediction
    {
        [VectorType(1)]
        public float[]? PredictedNextObservation { get; set; }

        [VectorType(1)]
        public float[]? PredictedNextObservationStandardDeviation { get; set; }

        public float PredictedReward { get; set; }

        public float PredictedRewardStandardDeviation { get; set; }
    }
}
