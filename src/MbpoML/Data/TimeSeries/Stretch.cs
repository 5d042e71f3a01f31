namespace MbpoML.Data.TimeSeries;

/// <summary>Rows of a log that follow each other without a gap.</summary>
/// <param name="Start">The first row.</param>
/// <param name="End">One behind the last.</param>
/// <param name="EndsTask">Whether the last row shows the end of the task.</param>
internal readonly record struct Stretch(int Start, int End, bool EndsTask);
