using System.Security.Cryptography;
using MbpoML.Environments;
using MbpoML.Experiments;
using MbpoML.Experiments.Tasks;
using MbpoML.Orleans.Collecting;
using MbpoML.Orleans.Hosting;
using MbpoML.Orleans.Leases;
using MbpoML.Orleans.Store;
using MbpoML.Orleans.Working;

namespace MbpoML.Orleans;

/// <summary>The collectors of a cluster, as a trainer uses them: environments whose steps are made at workers, for simulators that are slow.</summary>
/// <remarks>
/// A run gets the same transitions as from an environment of its own, bit for bit, however many workers there are and whatever happens to them. The trainer
/// gives the seeds of all episodes and numbers each call. A call whose answer was lost is made again and done once; where a worker is gone, another one puts
/// the environment where it was, from its last state, or from the seed and the actions of the episode. While no worker has room, the run waits.
/// </remarks>
public sealed class CollectorPool : IAsyncDisposable
{
    private readonly ClusterNode _node;
    private readonly CancellationTokenSource _stop;
    private readonly Task _work;
    private readonly BookKeeper _books = new();
    private readonly CollectorLink _link;

    private CollectorPool(ClusterNode node, ClusterOptions cluster, WorkerOptions? worker, IProgress<string>? notes, CancellationToken cancellationToken)
    {
        (_node, _stop) = (node, new CancellationTokenSource());
        _link = new CollectorLink(
            new ClusterCollectorFinder(node.Grains), cluster.LeaseTime, cluster.PollInterval, cluster.Clock, _books, notes, cancellationToken);
        _work = worker is null ? Task.CompletedTask : new CollectorHost(
            node.Grains, new WorkPlace(new EpochFolders(cluster.Store), worker.Executor, cluster.LeaseTime, cluster.Clock, null, notes),
            new WorkerSlot(worker.Name, node.Silo), node.Seats).RunAsync(_stop.Token);
    }

    /// <summary>What became of all calls so far.</summary>
    public CollectorBooks Books => _books.Books;

    /// <summary>Comes into a cluster.</summary>
    /// <param name="cluster">The cluster; without a Redis server all simulators are stepped in this process.</param>
    /// <param name="worker">A worker in this process, of which only <see cref="WorkerOptions.Collectors"/> are used; null for none, where the cluster has a
    /// Redis server and workers elsewhere.</param>
    /// <param name="notes">Is told in whole sentences what is worth a word; several threads may call it at once. Null for nobody.</param>
    /// <param name="cancellationToken">Ends the waiting, also that of every environment. Give the token of the run.</param>
    /// <returns>The collectors; dispose it after the environments.</returns>
    /// <exception cref="RunSpecException">An option cannot be used; the message says which, and what is allowed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<CollectorPool> ConnectAsync(
        ClusterOptions cluster, WorkerOptions? worker = null, IProgress<string>? notes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        cluster.Validate();
        worker?.Validate();
        if (worker is { Collectors: 0 }) throw new RunSpecException("Collectors is 0, but the worker in this process has to step at least one simulator.");
        if (cluster.Redis is null && worker is null)
            throw new RunSpecException("Redis is null, and no worker is in this process: give the address of a server, or a worker.");
        var node = worker is null
            ? await ClusterNode.StartClientAsync(
                cluster, silent => notes?.Report($"No worker of the cluster answers yet, and it is asked again: {Notes.Of(silent)}"),
                cancellationToken).ConfigureAwait(false)
            : await ClusterNode.StartSiloAsync(cluster, worker, cancellationToken).ConfigureAwait(false);
        return new CollectorPool(node, cluster, worker, notes, cancellationToken);
    }

    /// <summary>Makes an environment whose calls are made at a worker. Several of a run may go on at once.</summary>
    /// <param name="task">The task. Workers know it by its name, or find its assembly at the same path. One environment is made here, too, and never stepped:
    /// it tells the spaces and the functions.</param>
    /// <returns>The environment; the caller disposes it. It has a state where the task's environment has one. What the environment throws at its worker comes
    /// out as <see cref="InvalidOperationException"/> with its words.</returns>
    public IEnvironment Create(TrainingTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
#pragma warning disable RS0030 // The mark tells this simulator from those of other trainers, and feeds no random stream.
        var mark = RandomNumberGenerator.GetHexString(12, lowercase: true);
#pragma warning restore RS0030
        return new RemoteEnvironment(task.Create(), new RemoteSimulator(mark, SimulatorOrder.Of(task), _link));
    }

    /// <summary>Leaves the cluster.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        await _node.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }
}
