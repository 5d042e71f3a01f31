using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Orleans.Hosting;
using MbpoML.Orleans.Leases;
using MbpoML.Orleans.Store;
using MbpoML.Orleans.Working;

namespace MbpoML.Orleans;

/// <summary>A worker of a cluster: it takes runs of studies that are due, trains them in its slots, and gives signs of life.</summary>
public static class ClusterWorker
{
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Works until it is stopped. While the server is down, and after the others took this worker for dead, it begins anew by itself. A stop saves each run and
    /// gives it back, so that another worker goes on at once.
    /// </summary>
    /// <param name="cluster">The cluster; it has a Redis server.</param>
    /// <param name="worker">The slots of the worker, its executor and its name.</param>
    /// <param name="events">Is told what happens to the runs; several threads may call it at once. Null for nobody.</param>
    /// <param name="notes">Is told in whole sentences what is worth a word; several threads may call it at once. Null for nobody.</param>
    /// <param name="cancellationToken">Stops the worker, which saves its runs first.</param>
    /// <exception cref="RunSpecException">An option cannot be used; the message says which, and what is allowed.</exception>
    public static async Task RunAsync(
        ClusterOptions cluster, WorkerOptions worker, IProgress<RunEvent>? events = null, IProgress<string>? notes = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(worker);
        cluster.Validate();
        worker.Validate();
        if (cluster.Redis is null)
            throw new RunSpecException("Redis is null, but workers find each other at a server: give its address, as in 'localhost:6379'.");
        cluster.MakeStore();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var node = await ClusterNode.StartSiloAsync(cluster, worker, cancellationToken).ConfigureAwait(false);
                await using (node.ConfigureAwait(false))
                {
                    notes?.Report(
                        Invariant($"The worker {worker.Name} is in the cluster {cluster.Name}, with {worker.Slots} slots ") +
                        Invariant($"and {worker.Collectors} collectors."));
                    if (await WorkAsync(node, cluster, worker, events, notes, cancellationToken).ConfigureAwait(false) is { } reason)
                        notes?.Report($"The cluster took this worker for dead, and its runs for lost. It begins anew. {reason}");
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                notes?.Report($"The worker cannot come into the cluster, and tries again: {Notes.Of(exception)}");
                await Task.Delay(_again, cluster.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                // Stopped before it was in the cluster: there is nothing to save.
            }
        }
    }

    /// <summary>Works at a node until it is stopped, or until the node cannot go on.</summary>
    /// <returns>Why the node cannot go on; null after a stop.</returns>
    internal static async Task<string?> WorkAsync(
        ClusterNode node, ClusterOptions cluster, WorkerOptions worker, IProgress<RunEvent>? events, IProgress<string>? notes,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var place = new WorkPlace(new EpochFolders(cluster.Store), worker.Executor, cluster.LeaseTime, cluster.Clock, events, notes);
        var slot = new WorkerSlot(worker.Name, node.Silo);
        var work = Task.WhenAll(
            new WorkerHost(node.Grains, place, slot, worker.Slots, cluster.PollInterval).RunAsync(stop.Token),
            new CollectorHost(node.Grains, place, slot, node.Seats).RunAsync(stop.Token));
        await Task.WhenAny(work, node.Fatal.Occurred).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
        return node.Fatal.Occurred.IsCompleted ? await node.Fatal.Occurred.ConfigureAwait(false) : null;
    }
}
