using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments;

/// <summary>
/// The folder of a run that this process alone may train, until the run is over or this object is disposed. It is free again as well when the process ends,
/// however it ends.
/// </summary>
public sealed class TakenRun : IDisposable
{
    private readonly RunLock _turn;

    private TakenRun(RunFolder folder, RunLock turn) => (Folder, _turn) = (folder, turn);

    /// <summary>The folder of the run that was taken.</summary>
    public RunFolder Folder { get; }

    internal RunLock Turn => _turn;

    /// <summary>Takes a folder for a new run; makes it where it is missing.</summary>
    /// <param name="folder">The folder to take, without a run.</param>
    /// <exception cref="RunInUseException">Another process has taken it.</exception>
    /// <exception cref="RunFolderException">There is a run in it, or something else that has the name of a run's part.</exception>
    public static TakenRun Claim(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new TakenRun(folder, folder.Claim());
    }

    /// <summary>Takes folders for new runs, all of them or none.</summary>
    /// <param name="folders">The folders to take, each without a run.</param>
    /// <exception cref="RunInUseException">Another process has taken one of them.</exception>
    /// <exception cref="RunFolderException">There is a run in one of them, or something else that has the name of a run's part.</exception>
    public static IReadOnlyList<TakenRun> Claim(IReadOnlyList<RunFolder> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        foreach (var folder in folders) ArgumentNullException.ThrowIfNull(folder, nameof(folders));
        foreach (var folder in folders) folder.RequireFree();
        return All(folders, Claim);
    }

    /// <summary>Takes the folder of a run that goes on.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <exception cref="RunInUseException">Another process has taken it.</exception>
    public static TakenRun Take(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new TakenRun(folder, RunLock.Take(folder));
    }

    internal static TakenRun Take(RunFolder folder, int tries) => new(folder, RunLock.Take(folder, tries));

    /// <summary>Takes the folders of runs that go on, all of them or none.</summary>
    /// <param name="folders">The folders of the runs.</param>
    /// <exception cref="RunInUseException">Another process has taken one of them.</exception>
    public static IReadOnlyList<TakenRun> Take(IReadOnlyList<RunFolder> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return All(folders, Take);
    }

    /// <summary>
    /// Makes runs ready to be trained: writes the options of those that have not begun, and checks that the others are the runs that are asked for.
    /// </summary>
    /// <param name="runs">Folders, and what the runs in them are to do.</param>
    /// <param name="tasks">The tasks that the files in the folders may name.</param>
    /// <returns>Those that have not reached their end, for the caller to train or to dispose.</returns>
    /// <exception cref="RunSpecException">In one of the folders is a run of other options, or options cannot be used; nothing was written.</exception>
    /// <exception cref="RunFolderException">In one of the folders is something else, or another process trains there; nothing was written.</exception>
    public static IReadOnlyList<TakenRun> Prepare(IReadOnlyList<(RunFolder Folder, RunOptions Options)> runs, TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(tasks);
        foreach (var (_, options) in runs) options.Check();
        var begun = new List<(RunFolder Folder, RunOptions Options)>();
        var taken = new List<TakenRun>();
        try
        {
            foreach (var (folder, options) in runs)
            {
                if (!folder.IsRun)
                {
                    taken.Add(Claim(folder));
                    begun.Add((folder, options));
                    continue;
                }

                RequireSame(folder, options, tasks);
                if (options.IsFinishedIn(folder)) continue;
                taken.Add(Take(folder));
                // Under the lock: another process may have changed them until now.
                RequireSame(folder, options, tasks);
                options.CheckGoesOn(folder);
            }

            foreach (var (folder, options) in begun) options.Write(folder.Options);
            return taken;
        }
        catch
        {
            foreach (var run in taken) run.Dispose();
            throw;
        }
    }

    /// <summary>Gives the folder back; an executor does so at the end of the run.</summary>
    public void Dispose() => _turn.Dispose();

    private static List<TakenRun> All(IReadOnlyList<RunFolder> folders, Func<RunFolder, TakenRun> take)
    {
        var taken = new List<TakenRun>();
        try
        {
            foreach (var folder in folders) taken.Add(take(folder));
            return taken;
        }
        catch
        {
            foreach (var run in taken) run.Dispose();
            throw;
        }
    }

    private static void RequireSame(RunFolder folder, RunOptions options, TaskCatalog tasks)
    {
        if (!RunOptions.Read(folder.Options, tasks).IsSameRun(options))
            throw new RunSpecException($"'{folder.Path}' holds a run with other settings. Name another folder with --out, or delete that one.");
    }
}
