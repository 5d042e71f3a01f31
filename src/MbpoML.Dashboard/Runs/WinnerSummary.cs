namespace MbpoML.Dashboard.Runs;

/// <summary>The trial that a study chose.</summary>
/// <param name="Trial">Its number.</param>
/// <param name="Returns">What each fresh seed gave; empty before the end of the study.</param>
internal sealed record WinnerSummary(int Trial, IReadOnlyList<double> Returns);
