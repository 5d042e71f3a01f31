namespace MbpoML.Orleans.Collecting;

/// <summary>What all simulators of a trainer share.</summary>
/// <param name="Finder">The finder of collectors that have room.</param>
/// <param name="LeaseTime">The time without a sign of life after which a collector has lost its simulators.</param>
/// <param name="PollInterval">The time after which a collector that did not answer, or had no room, is asked again.</param>
/// <param name="Clock">The clock by which the lease and the pauses between questions are measured.</param>
/// <param name="Books">The counts of what became of calls.</param>
/// <param name="Notes">Is told, in whole sentences, what is worth a word; null for nobody.</param>
/// <param name="Stop">The token that ends all waiting for collectors.</param>
internal sealed record CollectorLink(
    ICollectorFinder Finder, TimeSpan LeaseTime, TimeSpan PollInterval, TimeProvider Clock, BookKeeper Books, IProgress<string>? Notes, CancellationToken Stop)
{
    /// <summary>Tells a note.</summary>
    public void Say(string note) => Notes?.Report(note);

    /// <summary>Waits a little before the next question.</summary>
    public Task PauseAsync() => Task.Delay(PollInterval, Clock, Stop);
}
