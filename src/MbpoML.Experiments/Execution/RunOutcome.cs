namespace MbpoML.Experiments.Execution;

/// <summary>How a run stands when its executor is done with it.</summary>
/// <param name="Status">Finished, interrupted with a checkpoint, or failed; running where its process was killed.</param>
/// <param name="Steps">The number of real environment steps taken.</param>
/// <param name="WallClockSeconds">Seconds of training, those of all sessions together.</param>
/// <param name="LastReturn">The mean return of the last evaluation; null before the first.</param>
/// <param name="Failure">Why the run failed; null where it did not.</param>
public sealed record RunOutcome(RunStatus Status, int Steps, double WallClockSeconds, double? LastReturn, string? Failure)
{
    /// <summary>Whether the process of the run ended without saying why: it was killed, or crashed in native code.</summary>
    public bool IsCrash { get; init; }

    /// <summary>Whether the process of the run did nothing but to refuse it: its options or its folder cannot be used.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>How the run of a folder stands by its report.json. A folder without one has a run that has taken no step.</summary>
    /// <param name="folder">The folder of the run.</param>
    public static RunOutcome Of(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var report = RunReport.Read(folder.Report) ?? new RunReport { Status = RunStatus.Running };
        return new RunOutcome(report.Status, report.Steps, report.WallClockSeconds, report.LastReturn, report.Failure);
    }

    internal RunOutcome Failed(string failure) => this with { Status = RunStatus.Failed, Failure = failure };
}
