namespace MbpoML.Dashboard.Runs;

/// <summary>What the page tells of a run besides its curves. Times are seconds since 1970.</summary>
/// <param name="Id">What the page asks for it by.</param>
/// <param name="Name">Its folder.</param>
/// <param name="Task">The task.</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Label">What it calls itself; null where it does not.</param>
/// <param name="Seed">The seed, as text.</param>
/// <param name="Status">How it stands: "running", "finished", "interrupted", "failed", or "unknown" without a report.</param>
/// <param name="Steps">Environment steps of its last line.</param>
/// <param name="PlannedSteps">The steps that it is to take in all; null where they are not known.</param>
/// <param name="Seconds">Seconds of training.</param>
/// <param name="Rate">Steps a second over the last lines; null before the second line.</param>
/// <param name="Epochs">Lines of metrics.</param>
/// <param name="LastTime">When its last line was written; null before the first.</param>
/// <param name="LastReturn">The mean return of its last evaluation; null before the first.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Started">When it was started first; null where that is not known.</param>
/// <param name="Machine">What it runs on; null where that is not known.</param>
/// <param name="Generation">Rises each time that its metrics are begun anew.</param>
/// <param name="Metrics">The names of its metrics.</param>
/// <param name="Times">The newest value of each metric that counts seconds, by its name.</param>
/// <param name="Films">The names of its films, in the order in which they are asked for.</param>
/// <param name="Notes">What could not be read, in sentences.</param>
internal sealed record RunSummary(
    string Id, string Name, string Task, string Algorithm, string? Label, string Seed, string Status, long Steps, long? PlannedSteps, double Seconds,
    double? Rate, int Epochs, double? LastTime, double? LastReturn, string? Failure, double? Started, string? Machine, int Generation,
    IReadOnlyList<string> Metrics, IReadOnlyDictionary<string, double> Times, IReadOnlyList<FilmName> Films, IReadOnlyList<string> Notes)
{
    /// <summary>Whether the page would show the same: lists are made anew each time. Times change with the number of epochs only.</summary>
    public bool IsSameAs(RunSummary other) =>
        this == other with { Metrics = Metrics, Times = Times, Films = Films, Notes = Notes } && Metrics.SequenceEqual(other.Metrics) &&
            Films.SequenceEqual(other.Films) && Notes.SequenceEqual(other.Notes);
}
