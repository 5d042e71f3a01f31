using MbpoML.Experiments.Execution;

namespace MbpoML.Tool.Display;

/// <summary>Shows what happens to the runs of a worker, and what the cluster has to say.</summary>
/// <param name="display">Where it is shown.</param>
internal sealed class WorkerDisplay(IRunDisplay display) : IProgress<RunEvent>, IProgress<string>
{
    private const string Name = "cluster";

    public void Report(string value) => display.Say(Name, value);

    public void Report(RunEvent value)
    {
        // The folder of an epoch lies in that of its run: a run is called by its trial and its seed.
        var run = Path.GetDirectoryName(value.Folder);
        RunEventDisplay.Show(display, $"{Path.GetFileName(Path.GetDirectoryName(run))}/{Path.GetFileName(run)}", value);
    }
}
