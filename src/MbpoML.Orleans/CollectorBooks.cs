namespace MbpoML.Orleans;

/// <summary>What became of the calls that a trainer made at collectors: each of them is counted once.</summary>
/// <param name="Asked">The number of resets and steps that were asked for.</param>
/// <param name="Delivered">The number of calls whose result the trainer has.</param>
/// <param name="Failed">The number of calls in which the environment threw.</param>
/// <param name="Cancelled">The number of calls whose waiting was cancelled.</param>
/// <param name="Dropped">The number of answers that came from a collector of an old epoch and were thrown away.</param>
/// <param name="Replayed">The number of moves that were done once more to bring another collector to the same place.</param>
/// <param name="HandOvers">The number of times that a simulator went to another collector, or to the same one anew.</param>
public sealed record CollectorBooks(long Asked, long Delivered, long Failed, long Cancelled, long Dropped, long Replayed, long HandOvers)
{
    /// <summary>Whether each call that was asked for was delivered, failed or was cancelled, which holds whenever no call is under way.</summary>
    public bool Balance => Asked == Delivered + Failed + Cancelled;
}
