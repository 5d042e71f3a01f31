namespace MbpoML.Orleans.Collecting;

/// <summary>What all simulators of a trainer share.</summary>
/// <param name="Finder">Finds collectors.</param>
/// <param name="LeaseTime">A collector that gave no sign of life for so long has lost its simulators.</param>
/// <param name="PollInterval">After so long somebody who did not answer, or had no room, is asked again.</param>
/// <param name="Clock">Measures both.</param>
/// <param name="Books">Counts.</param>
/// <param name="Notes">Is told, in whole sentences, what is worth a word; null for nobody.</param>
/// <param name="Stop">Ends all waiting.</param>
internal sealed record CollectorLink(
    ICollectorFinder Finder, TimeSpan LeaseTime, TimeSpan PollInterval, TimeProvider Clock, BookKeeper Books, IProgress<string>? Notes, CancellationToken Stop)
{
    /// <summary>Tells a note.</summary>
    public void Say(string note) => Notes?.Report(note);

    /// <summary>Waits a little before the next question.</summary>
    public Task PauseAsync() => Task.Delay(PollInterval, Clock, Stop);
}
