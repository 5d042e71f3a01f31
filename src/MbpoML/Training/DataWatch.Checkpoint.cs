using MbpoML.Training.Checkpoints;

namespace MbpoML.Training;

/// <content>What has been looked at and said, so that a resumed run neither repeats nor forgets it.</content>
internal sealed partial class DataWatch
{
    private const string Counters = "data-watch/counters";
    private const string Sums = "data-watch/statistics";
    private const string LoggedRanges = "data-watch/logged-ranges";

    public void Save(CheckpointWriter writer)
    {
        writer.Add(Counters, _asked, _statistics.Count, (long)_given);
        writer.Add(Sums, _statistics.State);
        writer.Add(LoggedRanges, _log.Ranges);
    }

    /// <exception cref="CheckpointException">The content makes no sense.</exception>
    public void Restore(CheckpointReader reader)
    {
        // A checkpoint of a version that did not watch: the transitions so far count as looked at.
        _asked = _state.RealPool.TotalAdded;
        if (!reader.Has(Counters)) return;
        var counters = reader.Integers(Counters);
        if (counters.Length != 3 || counters[0] < 0 || counters[0] > _state.RealPool.TotalAdded || !_statistics.Restore(reader.Doubles(Sums), counters[1]) || !_log.Restore(reader.Doubles(LoggedRanges)))
            throw reader.Damaged("what was seen of the data makes no sense");
        (_asked, _given) = (counters[0], (Warnings)counters[2]);
    }
}
