using MbpoML.Dashboard.Files;
using MbpoML.Dashboard.Runs;

namespace MbpoML.Dashboard.Watching;

/// <summary>
/// Knows the runs and studies, reads what is added to them, and tells the viewers. Without a viewer it reads nothing until somebody asks, so that it takes no
/// time from training on the same machine.
/// </summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly DashboardOptions _options;
    private readonly ValueBudget _budget;
    private readonly Lock _looking = new();
    private readonly Lock _viewing = new();
    private readonly HashSet<Viewer> _viewers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private IReadOnlyList<WatchedRun> _runs = [];
    private IReadOnlyList<WatchedStudy> _studies = [];
    private bool _isCut;
    private long? _looked, _scanned;

    public Watcher(DashboardOptions options)
    {
        (_options, _budget) = (options, new ValueBudget(options.MaxValues));
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>The run of an identifier; null where there is none.</summary>
    public WatchedRun? Find(string id) => _runs.FirstOrDefault(run => run.Folder.Id == id);

    /// <summary>Everything but curves, as it is now.</summary>
    public PageState State()
    {
        Look(isDue: false);
        lock (_looking) return Page();
    }

    /// <summary>The curves of a metric, by run.</summary>
    /// <param name="metric">Its name.</param>
    /// <param name="mostPoints">The most points of all runs together.</param>
    public IReadOnlyDictionary<string, Series> Curves(string metric, int mostPoints)
    {
        const int Least = 100, Most = 4000;
        Look(isDue: false);
        var runs = _runs;
        var each = Math.Clamp(mostPoints / Math.Max(1, runs.Count), Least, Most);
        var curves = new Dictionary<string, Series>();
        foreach (var run in runs)
            lock (run.Gate)
                if (run.Table.Columns.TryGetValue(metric, out var column) && column.Count > 0) curves.Add(run.Folder.Id, Series.Of(run.Table, column, each));
        return curves;
    }

    /// <summary>Adds a viewer; null where there are as many as may be.</summary>
    public Viewer? Join()
    {
        lock (_viewing)
        {
            if (_viewers.Count >= _options.MaxViewers) return null;
            var viewer = new Viewer();
            _viewers.Add(viewer);
            return viewer;
        }
    }

    /// <summary>Removes a viewer.</summary>
    public void Leave(Viewer viewer)
    {
        lock (_viewing) _viewers.Remove(viewer);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private PageState Page() => PageState.Of(
        _options.Clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0, _runs, _studies,
        _isCut ? [Invariant($"There are more runs than the {_options.MaxRuns} that are shown.")] : []);

    private async Task LoopAsync()
    {
        // Before the first viewer comes, so that the page opens at once.
        Look(isDue: false);
        while (true)
        {
            try
            {
                await Task.Delay(_options.PollInterval, _options.Clock, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            bool isWatched;
            lock (_viewing) isWatched = _viewers.Count > 0;
            if (isWatched) Look(isDue: true);
        }
    }

    private void Look(bool isDue)
    {
        lock (_looking)
        {
            var clock = _options.Clock;
            if (!isDue && _looked is { } last && clock.GetElapsedTime(last) < _options.PollInterval) return;
            _looked = clock.GetTimestamp();
            var scans = _scanned is not { } scanned || clock.GetElapsedTime(scanned) >= _options.ScanInterval;
            if (scans) _scanned = _looked;
            var hasOthers = scans && Scan();
            foreach (var run in _runs)
                if (LookAt(run, scans) is { } change && !hasOthers) Tell(PageMessage.Of("run", change));
            foreach (var study in _studies) hasOthers |= study.Read();
            if (hasOthers) Tell(PageMessage.Of("state", Page()));
        }
    }

    private static RunChange? LookAt(WatchedRun run, bool readsFiles)
    {
        lock (run.Gate)
        {
            var before = run.Table.Count;
            var first = run.ReadMetrics();
            var isOther = readsFiles && run.ReadFiles();
            return first is null && !isOther ? null : RunChange.Of(run, first, before);
        }
    }

    // Whether runs or studies came or went.
    private bool Scan()
    {
        var (found, isCut) = FolderSearch.In(_options.Paths, _options.MaxRuns);
        var runs = _runs.ToDictionary(run => run.Folder);
        var studies = _studies.ToDictionary(study => study.Folder);
        var isSame = found.Count == runs.Count + studies.Count && found.All(folder => runs.ContainsKey(folder) || studies.ContainsKey(folder));
        if (isSame && isCut == _isCut) return false;
        foreach (var gone in runs.Values.Where(run => !found.Contains(run.Folder))) gone.Forget();
        _isCut = isCut;
        // Many long files: the first page waits for all of them.
        _runs = [.. found.Where(folder => !folder.HasStudy).AsParallel().AsOrdered()
            .Select(folder => runs.TryGetValue(folder, out var known) ? known : new WatchedRun(folder, _options, _budget))];
        _studies = [.. found.Where(folder => folder.HasStudy).Select(folder => studies.TryGetValue(folder, out var known) ? known : new WatchedStudy(folder))];
        return true;
    }

    private void Tell(byte[] message)
    {
        Viewer[] viewers;
        lock (_viewing) viewers = [.. _viewers];
        foreach (var viewer in viewers) viewer.Tell(message);
    }
}
