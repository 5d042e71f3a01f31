using MbpoML.Orleans.Collecting;
using MbpoML.Orleans.Grains;

namespace MbpoML.Orleans.Working;

/// <summary>Finds collectors among the workers of the cluster.</summary>
/// <param name="grains">The way to the grains.</param>
internal sealed class ClusterCollectorFinder(IGrainFactory grains) : ICollectorFinder
{
    private ICollectorListGrain List => grains.GetGrain<ICollectorListGrain>(ICollectorListGrain.Key);

    /// <inheritdoc/>
    public async Task<ICollector?> FindAsync(string simulator) => await List.FindAsync().ConfigureAwait(false) is { } found
        ? new ClusterCollector(found, grains.GetGrain<ICollectorGrain>(NamedSiloDirector.KeyAt(found.Silo, simulator))) : null;

    /// <inheritdoc/>
    public Task<bool> LivesAsync(ICollector collector) => List.LivesAsync(((ClusterCollector)collector).Silo);
}
