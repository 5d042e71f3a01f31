namespace MbpoML.Tool.Runs;

/// <summary>Folders of runs that this command alone may train, each until its run is over or the set is disposed.</summary>
internal sealed class TakenRuns : IDisposable
{
    private readonly Dictionary<RunFolder, RunLock> _locks = [];
    private readonly List<RunFolder> _folders = [];

    /// <summary>The runs, in the order in which they were taken.</summary>
    public IReadOnlyList<RunFolder> Folders => _folders;

    /// <summary>Takes a folder for a new run.</summary>
    /// <exception cref="RunFolderException">It is in use, or something is in it.</exception>
    public void Claim(RunFolder folder) => Add(folder, folder.Claim());

    /// <summary>Takes folders for new runs, all of them or none.</summary>
    /// <exception cref="RunFolderException">One is in use, or something is in it.</exception>
    public void Claim(IReadOnlyList<RunFolder> folders)
    {
        foreach (var folder in folders) folder.RequireFree();
        foreach (var folder in folders) Claim(folder);
    }

    /// <summary>Takes the folder of a run that goes on.</summary>
    /// <exception cref="RunInUseException">It is in use.</exception>
    public void Take(RunFolder folder) => Add(folder, RunLock.Take(folder));

    /// <summary>The lock of one of the runs, which whoever trains it frees.</summary>
    public RunLock LockOf(RunFolder folder) => _locks[folder];

    /// <summary>Gives a run back that needs no training.</summary>
    public void Release(RunFolder folder)
    {
        _locks[folder].Dispose();
        _folders.Remove(folder);
    }

    /// <summary>Hands the runs on: disposing this set no longer frees them, disposing the returned one does.</summary>
    public TakenRuns Pass()
    {
        var next = new TakenRuns();
        foreach (var folder in _folders) next.Add(folder, _locks[folder]);
        _locks.Clear();
        _folders.Clear();
        return next;
    }

    public void Dispose()
    {
        foreach (var one in _locks.Values) one.Dispose();
    }

    private void Add(RunFolder folder, RunLock turn)
    {
        _locks.Add(folder, turn);
        _folders.Add(folder);
    }
}
