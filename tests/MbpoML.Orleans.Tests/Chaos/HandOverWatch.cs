using System.Collections.Concurrent;
using System.Globalization;
using MbpoML.Experiments;

namespace MbpoML.Orleans.Tests.Chaos;

/// <summary>Times how long it takes until the runs of a worker that is gone go on elsewhere.</summary>
/// <param name="store">The folder that all workers see.</param>
/// <param name="limit">The time after which waiting is given up, and the hand-over counts as lost.</param>
/// <param name="clock">Measures the time.</param>
internal sealed class HandOverWatch(string store, TimeSpan limit, TimeProvider clock)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, (string Worker, long Epoch)> _owners = [];
    private readonly ConcurrentBag<HandOver> _seen = [];
    private readonly List<Task> _underWay = [];

    /// <summary>The hand-overs whose times are known, and the lost ones.</summary>
    public IReadOnlyCollection<HandOver> Seen => _seen;

    /// <summary>The hand-overs that were waited for.</summary>
    public int Due { get; private set; }

    /// <summary>Is told of each lost hand-over what the store has of its run; null for nobody.</summary>
    public Action<string>? Lost { get; init; }

    /// <summary>A worker has got a run.</summary>
    /// <param name="run">The name of the run.</param>
    /// <param name="worker">The name of the worker.</param>
    /// <param name="epoch">The number of its lease.</param>
    public void Begun(string run, string worker, long epoch) => _owners[run] = (worker, epoch);

    /// <summary>Waits, for each run of a worker that is gone, until an epoch more is trained in the folder of a newer lease.</summary>
    /// <param name="worker">The name of the worker.</param>
    /// <param name="fault">What happened to it.</param>
    /// <param name="faults">Counts the faults so far.</param>
    /// <param name="study">The study of the runs: once it is over, nothing is due any more.</param>
    public void Begin(string worker, string fault, Func<int> faults, Task study)
    {
        var (start, before) = (clock.GetTimestamp(), faults());
        foreach (var (run, owner) in _owners.Where(one => one.Value.Worker == worker).ToArray())
        {
            _owners.TryRemove(run, out _);
            // A run that has its steps is handed to nobody.
            if (IsFinished(run, owner.Epoch)) continue;
            Due++;
            _underWay.Add(Task.Run(async () =>
            {
                if (await WaitAsync(run, owner.Epoch, start, study) is { } times)
                    _seen.Add(new HandOver(fault, times.Lease, times.Training, faults() - before, times.IsLost));
            }));
        }
    }

    /// <summary>The study is over: waits until that is noticed.</summary>
    public async Task EndAsync()
    {
        await Task.WhenAll(_underWay);
        _underWay.Clear();
        _owners.Clear();
    }

    // Null where the study ended first.
    private async Task<(double Lease, double Training, bool IsLost)?> WaitAsync(string run, long epoch, long start, Task study)
    {
        double? lease = null;
        Dictionary<string, long> metrics = [];
        while (!study.IsCompleted)
        {
            var seconds = clock.GetElapsedTime(start).TotalSeconds;
            // Who gets the lease makes the folder, and copies the metrics up to the checkpoint there.
            foreach (var folder in Folders(run).Where(folder => EpochOf(folder) > epoch))
            {
                lease ??= seconds;
                if (GoesOn(folder, metrics)) return (lease.Value, seconds, false);
            }

            if (seconds >= limit.TotalSeconds)
            {
                var there = string.Join(", ", Folders(run).Order().Select(folder => $"{Path.GetFileName(folder)}{(HasEnded(folder) ? " finished" : "")}"));
                Lost?.Invoke(string.Create(
                    CultureInfo.InvariantCulture, $"{run}: no epoch more within {seconds:F0} s. Its worker had lease {epoch}. The store has: {there}."));
                return (lease ?? seconds, seconds, true);
            }

            await Task.Delay(_pause, clock);
        }

        return null;
    }

    // Whether an epoch more was trained since the first look, or the run has come to its end.
    private static bool GoesOn(string folder, Dictionary<string, long> metrics)
    {
        var isKnown = metrics.ContainsKey(folder);
        // The copy is whole once the folder is locked.
        if (!isKnown && !File.Exists(Path.Combine(folder, "training.lock"))) return false;
        var length = new FileInfo(Path.Combine(folder, "metrics.jsonl")) is { Exists: true } file ? file.Length : 0;
        var isMore = isKnown && (length > metrics[folder] || HasEnded(folder));
        metrics[folder] = length;
        return isMore;
    }

    private bool IsFinished(string run, long epoch) =>
        Folders(run).Where(folder => EpochOf(folder) >= epoch).MaxBy(EpochOf) is { } newest && HasEnded(newest);

    private static bool HasEnded(string folder)
    {
        try
        {
            return RunReport.Read(new RunFolder(folder).Report) is { Status: RunStatus.Finished };
        }
        catch (IOException)
        {
            // It is being written, or deleted.
            return false;
        }
    }

    private IReadOnlyList<string> Folders(string run)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(store, "epoch-*", SearchOption.AllDirectories)
                .Where(folder => Path.GetDirectoryName(folder)!.EndsWith($"/{run}", StringComparison.Ordinal))];
        }
        catch (IOException)
        {
            // Folders come and go.
            return [];
        }
    }

    private static long EpochOf(string folder) => long.Parse(folder[^6..], CultureInfo.InvariantCulture);
}
