namespace MbpoML.Dashboard.Watching;

/// <summary>A row of metrics that came in.</summary>
/// <param name="Step">Environment steps so far.</param>
/// <param name="Seconds">Seconds of training; -1 where they are not known.</param>
/// <param name="Values">The metrics by name.</param>
internal sealed record NewRow(long Step, double Seconds, IReadOnlyDictionary<string, double> Values);
