namespace MbpoML.Data.Views;

/// <summary>
/// Checks of single rows that a fitted model or policy is asked about. Their schema was checked; what a row holds is seen only when it is read.
/// </summary>
internal static class ServedRow
{
    /// <exception cref="InvalidOperationException">A vector has another length than its type says, as an object given to a PredictionEngine may.</exception>
    public static void RequireLength(int length, int expected, string column, long position)
    {
        if (length != expected)
            throw new InvalidOperationException(Invariant($"{expected} values are read, but column '{column}' gave {length} in row {position}."));
    }

    /// <exception cref="InvalidOperationException">A value is not finite: what came of it would look like an answer, or be none.</exception>
    public static void RequireFinite(ReadOnlySpan<float> values, string column, long position)
    {
        for (var index = 0; index < values.Length; index++)
            if (!float.IsFinite(values[index]))
                throw new InvalidOperationException(
                    Invariant($"Column '{column}' holds {values[index]} at [{index}] of row {position}, but must hold finite numbers; filter the row or ") +
                        "replace the value, for instance with ReplaceMissingValues.");
    }
}
