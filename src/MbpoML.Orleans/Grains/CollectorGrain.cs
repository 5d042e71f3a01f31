using MbpoML.Experiments.Tasks;
using MbpoML.Orleans.Collecting;

namespace MbpoML.Orleans.Grains;

/// <inheritdoc cref="ICollectorGrain"/>
/// <param name="seats">The places of this worker for simulators.</param>
/// <param name="tasks">The tasks that simulators may be of.</param>
/// <param name="settings">The times of leases, and the clock by which they are measured.</param>
[AtNamedSilo]
[CollectionAgeLimit(Minutes = IdleMinutes)]
internal sealed class CollectorGrain(CollectorSeats seats, TaskCatalog tasks, LeaseSettings settings) : Grain, ICollectorGrain
{
    // A trainer that does other things for longer sends its log again; one that was killed does not keep its place for ever.
    private const double IdleMinutes = 5;

    private readonly CollectorDesk _desk = new(order => order.Make(tasks), seats, settings.LeaseTime / 4, settings.Clock);

    /// <inheritdoc/>
    public Task<CollectorReply> CallAsync(CollectorCall call) => _desk.CallAsync(call);

    /// <inheritdoc/>
    public Task CloseAsync(long epoch) => _desk.CloseAsync(epoch);

    /// <inheritdoc/>
    /// <remarks>A trainer that is gone says nothing: then the grain is idle for long, and ends.</remarks>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _desk.CloseAsync(long.MaxValue);
}
