using MbpoML.Orleans.Collecting;
using MbpoML.Orleans.Grains;
using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Working;

/// <summary>Tells the cluster, as long as the worker lives, that it steps simulators.</summary>
/// <param name="grains">The way to the grains.</param>
/// <param name="place">The times and the notes of the worker.</param>
/// <param name="slot">The name of the worker, and its silo.</param>
/// <param name="seats">Its places for simulators.</param>
internal sealed class CollectorHost(IGrainFactory grains, WorkPlace place, WorkerSlot slot, CollectorSeats seats)
{
    /// <summary>Tells it until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (seats.Count > 0 && !stop.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<ICollectorListGrain>(ICollectorListGrain.Key)
                    .AnnounceAsync(new CollectorNews(slot.Worker, slot.Silo, seats.Count, seats.Taken)).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                place.Say($"The cluster gives no answer, and is told again of the places for simulators: {Notes.Of(exception)}");
            }

            await Task.Delay(place.LeaseTime / 4, place.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
