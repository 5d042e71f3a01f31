using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Orleans.Hosting;
using MbpoML.Orleans.Working;

namespace MbpoML.Orleans;

/// <summary>Runs a study on a cluster: gives it to the workers, and brings its journal and its runs into its folder.</summary>
/// <remarks>
/// The folder ends as it would have ended on one machine: every policy, metric and decision is the same, however many workers there are, and whatever happens
/// to them. A study whose client is killed goes on in the cluster; the same call later looks on.
/// </remarks>
public static class ClusterStudy
{
    /// <summary>Goes on with a study to its end, or until it is cancelled.</summary>
    /// <param name="study">The study, in its folder on this machine. The name of the folder is its name in the cluster.</param>
    /// <param name="cluster">The cluster; without a Redis server all work is done in this process.</param>
    /// <param name="worker">A worker in this process; null for none, where the cluster has a Redis server and workers elsewhere.</param>
    /// <param name="events">Is told what happens to the runs of <paramref name="worker"/>; several threads may call it at once. Null for nobody.</param>
    /// <param name="progress">Is told how far the study is; null for nobody.</param>
    /// <param name="notes">Is told in whole sentences what is worth a word; several threads may call it at once. Null for nobody.</param>
    /// <param name="cancellationToken">Stops the study: no run is begun any more, and those of other workers go on to the end of their look.</param>
    /// <returns>What the study found; null where it was cancelled before its end.</returns>
    /// <exception cref="RunSpecException">An option cannot be used, or the cluster has another study of that name.</exception>
    /// <exception cref="RunDataException">No trial reached its end, so that there is nothing to choose.</exception>
    /// <exception cref="RunFolderException">Another process goes on with the study.</exception>
    public static async Task<StudyResult?> RunAsync(
        Study study, ClusterOptions cluster, WorkerOptions? worker = null, IProgress<RunEvent>? events = null, IProgress<StudyProgress>? progress = null,
        IProgress<string>? notes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(cluster);
        cluster.Validate();
        worker?.Validate();
        if (cluster.Redis is null && worker is null)
            throw new RunSpecException("Redis is null, and no worker is in this process: give the address of a server, or a worker.");
        using var turn = TakenRun.Take(new RunFolder(study.Folder));
        // Somebody else may have gone on with it since it was opened.
        study.Adopt([]);
        if (study.Result is not null && IsWhole(study)) return study.Result;
        cluster.MakeStore();
        try
        {
            var node = worker is null ? await ClusterNode.StartClientAsync(cluster, silent => Silent(silent, notes), cancellationToken).ConfigureAwait(false)
                : await ClusterNode.StartSiloAsync(cluster, worker, cancellationToken).ConfigureAwait(false);
            await using (node.ConfigureAwait(false))
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var work = worker is null ? Task.FromResult<string?>(null) : ClusterWorker.WorkAsync(node, cluster, worker, events, notes, stop.Token);
                try
                {
                    return await new StudyWatch(study, cluster, node.Grains, progress, notes).RunAsync(cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                    await work.ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    // A client that was killed at the end may have written the result and not brought every run.
    private static bool IsWhole(Study study) =>
        study.RunsSoFar().All(run => study.FolderOf(run).IsRun || study.Trials[run.Trial].Status == StudyTrialStatus.Failed);

    private static void Silent(Exception exception, IProgress<string>? notes) =>
        notes?.Report($"No worker of the cluster answers yet, and it is asked again: {Notes.Of(exception)}");
}
