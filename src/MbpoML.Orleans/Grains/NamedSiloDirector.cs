using Orleans.Runtime.Placement;

namespace MbpoML.Orleans.Grains;

/// <summary>Follows <see cref="NamedSiloPlacement"/>.</summary>
internal sealed class NamedSiloDirector : IPlacementDirector
{
    /// <summary>The key of a grain at a silo.</summary>
    public static string KeyAt(string silo, string name) => $"{silo}/{name}";

    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var named = SiloAddress.FromParsableString(target.GrainIdentity.Key.ToString()!.Split('/')[0]);
        return context.GetCompatibleSilos(target).Contains(named) ? Task.FromResult(named)
            : throw new SiloUnavailableException($"The worker at {named.ToParsableString()} is no more in the cluster.");
    }
}
