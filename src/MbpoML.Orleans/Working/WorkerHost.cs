using MbpoML.Orleans.Grains;
using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Working;

/// <summary>The slots of a worker: each asks for a run that is due, trains it, and asks again.</summary>
/// <param name="grains">The way to the grains.</param>
/// <param name="place">The store, the executor and the times that all slots share.</param>
/// <param name="slot">The name of the worker that asks for runs, and its silo.</param>
/// <param name="slots">How many runs go side by side.</param>
/// <param name="pollInterval">How long a free slot waits before it asks again.</param>
internal sealed class WorkerHost(IGrainFactory grains, WorkPlace place, WorkerSlot slot, int slots, TimeSpan pollInterval)
{
    // Kept: Orleans reads the attributes of an interface each time that it is asked for a grain, which was two thirds of what asking for work took.
    private readonly IStudyListGrain _list = grains.GetGrain<IStudyListGrain>(IStudyListGrain.Key);

    /// <summary>Works until it is stopped: then each run is saved and given back.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, slots).Select(_ => Task.Run(() => WorkAsync(stop), CancellationToken.None)));

    private async Task WorkAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await TakeAsync().ConfigureAwait(false) is { } lease)
                await new LeasedRun(lease, place, grains.GetGrain<ITrialGrain>(lease.Order.Task.Key)).RunAsync(stop).ConfigureAwait(false);
            else
                await Task.Delay(pollInterval, place.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A lease whose answer is lost runs out by itself.
    private async Task<TrialLease?> TakeAsync()
    {
        try
        {
            foreach (var study in await _list.ListAsync().ConfigureAwait(false))
                if (await grains.GetGrain<IStudyGrain>(study).TakeAsync(slot).ConfigureAwait(false) is { } lease) return lease;
        }
        catch (Exception exception)
        {
            place.Say($"The cluster gives no answer, and is asked again: {Notes.Of(exception)}");
        }

        return null;
    }
}
