using MbpoML.Experiments.Execution;

namespace MbpoML.Tool.Display;

/// <summary>What is shown of the events of one of several runs.</summary>
internal static class RunEventDisplay
{
    public static void Show(IRunDisplay display, string name, RunEvent happened)
    {
        switch (happened)
        {
            case RunProgressed progressed:
                display.Report(name, progressed.Progress);
                break;
            case RunEpochEnded epoch:
                display.Report(name, epoch.Progress);
                break;
            case RunWarned warned:
                display.Warn(name, warned.Message);
                break;
            case RunEnded { Outcome: { Status: RunStatus.Failed } outcome }:
                display.Warn(name, $"{outcome.Failure}");
                break;
        }
    }
}
