using MbpoML.Experiments.Execution;

namespace MbpoML.Tool.Display;

/// <summary>Shows what executors tell of some runs.</summary>
/// <param name="display">Where they are shown.</param>
/// <param name="runs">The runs, in the order in which they begin.</param>
/// <param name="titleOf">What a run is called; null for the last part of its folder.</param>
internal sealed class EventDisplay(IRunDisplay display, IReadOnlyList<RunFolder> runs, Func<RunFolder, string>? titleOf) : IProgress<RunEvent>
{
    public void Report(RunEvent value)
    {
        var index = runs.TakeWhile(run => run.Path != value.Folder).Count();
        var name = titleOf is null ? runs[index].Name : titleOf(runs[index]);
        switch (value)
        {
            // Runs that have titles are those of an experiment, of which a person wants to know how far it is.
            case RunStarted when titleOf is not null:
                display.Say(name, Invariant($"run {index + 1} of {runs.Count} begins, {runs.Count - index - 1} left after it."));
                break;
            case RunProgressed progressed:
                display.Report(name, progressed.Progress);
                break;
            case RunEpochEnded epoch:
                display.Report(name, epoch.Progress);
                break;
            case RunWarned warned:
                display.Warn(name, warned.Message);
                break;
            case RunEnded { Outcome.Status: RunStatus.Interrupted } ended:
                display.Say(name, Invariant($"Stopped after {ended.Outcome.Steps} steps. Go on with: {runs[index].ResumeCommand}"));
                break;
            case RunEnded { Outcome: { Status: RunStatus.Failed, IsCrash: true } outcome }:
                display.Warn(name, $"{outcome.Failure} Go on with: {runs[index].ResumeCommand}");
                break;
            case RunEnded { Outcome: { Status: RunStatus.Failed, IsRefusal: false } outcome }:
                display.Warn(name, $"{outcome.Failure} Once the cause is gone, go on with: {runs[index].ResumeCommand}");
                break;
        }
    }
}
