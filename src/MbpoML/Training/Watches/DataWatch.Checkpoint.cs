using MbpoML.Saving;

namespace MbpoML.Training.Watches;

/// <content>What has been looked at and said, so that a resumed run neither repeats nor forgets it.</content>
internal sealed partial class DataWatch
{
    private const string Counters = "counters";
    private const string Sums = "statistics";
    private const string Senseless = "what was seen of the data makes no sense";
    private const string LoggedRanges = "logged-ranges";

    public string Name => "data";

    public void Save(IStateWriter to)
    {
        to.Add(Counters, _asked, _statistics.Count, (long)_given);
        to.Add(Sums, _statistics.State);
        to.Add(LoggedRanges, _log.Ranges);
    }

    /// <exception cref="CheckpointException">The content makes no sense.</exception>
    public void Restore(IStateReader from)
    {
        var counters = from.Integers(Counters);
        if (counters is not [>= 0 and var asked, var count, var given] || !_statistics.Restore(from.Doubles(Sums), count) ||
            !_log.Restore(from.Doubles(LoggedRanges)))
            throw from.Damaged(Senseless);
        (_asked, _given) = (asked, (Warnings)given);
    }

    /// <exception cref="CheckpointException">More transitions were looked at than there are.</exception>
    public void Restored(IStateReader from)
    {
        if (_asked > _pool.TotalAdded) throw from.Damaged(Senseless);
    }
}
