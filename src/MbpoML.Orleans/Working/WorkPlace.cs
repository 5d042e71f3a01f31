using MbpoML.Experiments.Execution;
using MbpoML.Orleans.Store;

namespace MbpoML.Orleans.Working;

/// <summary>What all runs of a worker share.</summary>
/// <param name="Folders">The folders of the store, where runs lie.</param>
/// <param name="Executor">The executor that trains the runs, outside the scheduler of the grains.</param>
/// <param name="LeaseTime">The time of a lease; a sign of life is given four times in it.</param>
/// <param name="Clock">The clock by which leases and pauses are measured.</param>
/// <param name="Events">Is told what happens to runs; null for nobody.</param>
/// <param name="Notes">Is told, in whole sentences, what is worth a word; null for nobody.</param>
internal sealed record WorkPlace(
    EpochFolders Folders, LocalRunExecutor Executor, TimeSpan LeaseTime, TimeProvider Clock, IProgress<RunEvent>? Events, IProgress<string>? Notes)
{
    /// <summary>Tells a note.</summary>
    public void Say(string note) => Notes?.Report(note);
}
