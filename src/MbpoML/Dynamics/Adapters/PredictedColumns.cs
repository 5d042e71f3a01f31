using MbpoML.Data;
using MbpoML.Data.Views;
using Microsoft.ML;

namespace MbpoML.Dynamics.Adapters;

/// <summary>Which columns of the contract a transformer gives, and where they go in a row: [reward | observation | deviations of both | terminated].</summary>
/// <param name="Fields">The columns found.</param>
/// <param name="IsDelta">Whether the observation column is a change rather than the next observation.</param>
/// <param name="HasNoise">Whether there is any column of standard deviations; what has none is certain.</param>
/// <param name="HasTermination">Whether the transformer predicts termination.</param>
/// <param name="ObservationSize">n</param>
internal sealed record PredictedColumns(IReadOnlyList<RowField> Fields, bool IsDelta, bool HasNoise, bool HasTermination, int ObservationSize)
{
    /// <summary>Where the deviations begin, the reward's first.</summary>
    public int NoiseOffset => 1 + ObservationSize;

    public int TerminationOffset => 2 * (1 + ObservationSize);

    /// <summary>The values a row, whichever of the columns are there.</summary>
    public static int WidthOf(int observationSize) => (2 * (1 + observationSize)) + 1;

    /// <exception cref="ArgumentException">A column is missing or has another size.</exception>
    public static PredictedColumns Find(DataViewSchema schema, int observationSize)
    {
        var isDelta = schema.GetColumnOrNull(TransitionColumns.PredictedNextObservation) is null;
        var observationName = isDelta ? TransitionColumns.PredictedObservationDelta : TransitionColumns.PredictedNextObservation;
        if (schema.GetColumnOrNull(observationName) is null)
            throw Missing($"neither column '{TransitionColumns.PredictedNextObservation}' nor column '{TransitionColumns.PredictedObservationDelta}'", schema);
        if (schema.GetColumnOrNull(TransitionColumns.PredictedReward) is null) throw Missing($"no column '{TransitionColumns.PredictedReward}'", schema);

        var (rewardDeviation, observationDeviation) =
            (TransitionColumns.PredictedReward + TransitionColumns.StandardDeviationSuffix, observationName + TransitionColumns.StandardDeviationSuffix);
        var (hasRewardNoise, hasObservationNoise) =
            (schema.GetColumnOrNull(rewardDeviation) is not null, schema.GetColumnOrNull(observationDeviation) is not null);
        var hasTermination = schema.GetColumnOrNull(TransitionColumns.PredictedTerminated) is not null;
        var noiseOffset = 1 + observationSize;
        List<RowField> fields = [RowField.Scalar(schema, TransitionColumns.PredictedReward, 0), Vector(schema, observationName, 1, observationSize)];
        if (hasRewardNoise) fields.Add(RowField.Scalar(schema, rewardDeviation, noiseOffset));
        if (hasObservationNoise) fields.Add(Vector(schema, observationDeviation, noiseOffset + 1, observationSize));
        if (hasTermination) fields.Add(RowField.Flag(schema, TransitionColumns.PredictedTerminated, 2 * noiseOffset));
        return new PredictedColumns(fields, isDelta, hasRewardNoise || hasObservationNoise, hasTermination, observationSize);
    }

    private static RowField Vector(DataViewSchema schema, string name, int offset, int size)
    {
        var field = RowField.Vector(schema, name, offset);
        return field.Width == size
            ? field
            : throw new ArgumentException(
                Invariant($"Column '{name}' has {field.Width} values a row, but the observations have {size}; predict every dimension."), nameof(schema));
    }

    private static ArgumentException Missing(string what, DataViewSchema schema) =>
        new($"As a dynamics model a transformer must give {TransitionColumns.PredictedReward} and either {TransitionColumns.PredictedNextObservation} or " +
            $"{TransitionColumns.PredictedObservationDelta}, but there is {what}; it gives {string.Join(", ", schema.Select(column => $"'{column.Name}'"))}.",
            nameof(schema));
}
