namespace MbpoML.Orleans;

/// <summary>What became of the calls that a trainer made at collectors: each of them is counted once.</summary>
/// <param name="Asked">Resets and steps that were asked for.</param>
/// <param name="Delivered">Those whose result the trainer has.</param>
/// <param name="Failed">Those in which the environment threw.</param>
/// <param name="Cancelled">Those whose waiting was cancelled.</param>
/// <param name="Dropped">Answers that came from a collector of an old epoch, and were thrown away.</param>
/// <param name="Replayed">Moves that were done once more so that another collector stands where the one before stood.</param>
/// <param name="HandOvers">How often a simulator went to another collector, or to the same one anew.</param>
public sealed record CollectorBooks(long Asked, long Delivered, long Failed, long Cancelled, long Dropped, long Replayed, long HandOvers)
{
    /// <summary>Whether each call that was asked for was delivered, failed or was cancelled, which holds whenever no call is under way.</summary>
    public bool Balance => Asked == Delivered + Failed + Cancelled;
}
