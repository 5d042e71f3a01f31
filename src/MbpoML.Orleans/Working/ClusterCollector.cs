using MbpoML.Orleans.Collecting;
using MbpoML.Orleans.Grains;

namespace MbpoML.Orleans.Working;

/// <summary>A simulator at a worker of the cluster.</summary>
/// <param name="news">What the worker told of itself: its name, its silo and its places.</param>
/// <param name="grain">The grain of the simulator, at that worker.</param>
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
