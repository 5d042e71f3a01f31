using MbpoML.Orleans.Collecting;

namespace MbpoML.Orleans.Grains;

/// <inheritdoc cref="ICollectorListGrain"/>
/// <remarks>It keeps nothing: wherever it begins anew, the next signs of life fill it.</remarks>
/// <param name="settings">The times of leases, and the clock by which they are measured.</param>
/// <param name="silos">The cluster's list of silos, which says which of them are dead.</param>
internal sealed class CollectorListGrain(LeaseSettings settings, ISiloStatusOracle silos) : Grain, ICollectorListGrain
{
    private readonly Dictionary<string, (CollectorNews News, long Told)> _collectors = [];

    /// <inheritdoc/>
    public Task AnnounceAsync(CollectorNews news)
    {
        _collectors[news.Silo] = (news, settings.Clock.GetTimestamp());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<CollectorNews?> FindAsync()
    {
        foreach (var silo in _collectors.Keys.Where(silo => !Lives(silo)).ToArray()) _collectors.Remove(silo);
        var found = _collectors.Values.Select(one => one.News).Where(news => news.Taken < news.Seats)
            .OrderBy(news => news.Taken - news.Seats).ThenBy(news => news.Silo, StringComparer.Ordinal).FirstOrDefault();
        // Until the worker tells it, the next one who asks is sent elsewhere.
        if (found is not null) _collectors[found.Silo] = _collectors[found.Silo] with { News = found with { Taken = found.Taken + 1 } };
        return Task.FromResult(found);
    }

    /// <inheritdoc/>
    public Task<bool> LivesAsync(string silo) => Task.FromResult(Lives(silo));

    private bool Lives(string silo) =>
        _collectors.TryGetValue(silo, out var one) && settings.Clock.GetElapsedTime(one.Told) < settings.LeaseTime &&
            !silos.IsDeadSilo(SiloAddress.FromParsableString(silo));
}
