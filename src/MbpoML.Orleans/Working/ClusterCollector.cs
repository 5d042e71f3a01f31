using MbpoML.Orleans.Collecting;
using MbpoML.Orleans.Grains;

namespace MbpoML.Orleans.Working;

/// <summary>A simulator at a worker of the cluster.</summary>
/// <param name="news">The worker.</param>
/// <param name="grain">The simulator there.</param>
internal sealed class ClusterCollector(CollectorNews news, ICollectorGrain grain) : ICollector
{
    /// <inheritdoc/>
    public string Worker => news.Worker;

    /// <summary>Where it lives.</summary>
    public string Silo => news.Silo;

    /// <inheritdoc/>
    public Task<CollectorReply> CallAsync(CollectorCall call) => grain.CallAsync(call);

    /// <inheritdoc/>
    public Task CloseAsync(long epoch) => grain.CloseAsync(epoch);
}
