namespace MbpoML.Datasets;

/// <summary>What was found in a column of a log, or in one number of a column of vectors.</summary>
/// <param name="Name">The column's name, or its slot's, such as "Observation[2]".</param>
/// <param name="Kind">What the column holds: numbers, dates or texts.</param>
/// <param name="Missing">The number of cells without a value.</param>
/// <param name="Changes">The rows whose value differs from the row before.</param>
/// <param name="Minimum">The least number; NaN where there is none.</param>
/// <param name="Maximum">The greatest number; NaN where there is none.</param>
/// <param name="Mean">The mean of the numbers; NaN where there is none.</param>
/// <param name="Deviation">Their standard deviation; NaN where there is none.</param>
public sealed record ColumnDescription(
    string Name, ColumnKind Kind, int Missing, int Changes, double Minimum, double Maximum, double Mean, double Deviation)
{
    /// <summary>Whether all rows hold the same, so that nothing can be learned from the column.</summary>
    public bool IsConstant => Changes == 0;
}
