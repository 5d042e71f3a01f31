using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MbpoML.Orleans;
using MbpoML.Orleans.Tests.Chaos;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>A server, a store and workers, to which things happen; and how long it took each time until a run went on elsewhere.</summary>
internal sealed partial class ClusterChaos : IDisposable, IProgress<string>
{
    private static readonly TimeSpan _sleep = TimeSpan.FromSeconds(15), _full = TimeSpan.FromSeconds(5), _restart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    // What 95 of 100 hand-overs have to be done in.
    private const double MostSeconds = 10;

    private readonly string _folder, _tool;
    private readonly int _faults;
    private readonly double _between, _lease;
    private readonly Random _random;
    private readonly RedisServer _redis;
    private readonly List<WorkerProcess> _workers = [];
    private readonly HandOverWatch _handOvers;
    private readonly ConcurrentBag<RepeatedWork> _repeated = [];
    private readonly int _slots;
    private readonly SortedDictionary<string, int> _kinds = [];
    private readonly List<Task> _underWay = [];
    private readonly bool _isMounted;
    private int _done;

    public ClusterChaos(string folder, string tool, int workers, int slots, int faults, double between, double lease, int seed)
    {
        (_folder, _tool, _slots, _faults, _between, _lease, _random) = (folder, tool, slots, faults, between, lease, new Random(seed));
        Directory.CreateDirectory(Store);
        _handOvers = new HandOverWatch(Store, _patience, TimeProvider.System) { Lost = Console.WriteLine };
        // A file system of its own can be filled without harm; where it cannot be had, the store is never full.
        _isMounted = faults > 0 && Ran("mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", Store);
        _redis = new RedisServer(Path.Combine(folder, $"redis-{workers}"));
        for (var worker = 0; worker < workers; worker++) _workers.Add(Worker());
    }

    public ClusterOptions Cluster => new() { Store = Store, Redis = _redis.Address, LeaseTime = TimeSpan.FromSeconds(_lease) };

    /// <summary>The processes of the server and of the workers.</summary>
    public IReadOnlyList<int> Processes => [_redis.Id, .. _workers.Select(worker => worker.Id)];

    public bool IsOver => _done >= _faults;

    private string Store => Path.Combine(_folder, "store");

    /// <summary>Who has which run, and what was done twice.</summary>
    public void Report(string value)
    {
        if (RepeatedWork.In(value) is { } repeated) _repeated.Add(repeated);
        if (Begun().Match(value) is { Success: true } begun)
            _handOvers.Begun(begun.Groups[1].Value, begun.Groups[2].Value, long.Parse(begun.Groups[3].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until all workers are in the cluster.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (!_workers.TrueForAll(worker => worker.Lines.Any(line => line.Contains("is in the cluster", StringComparison.Ordinal))))
            await Task.Delay(50, cancellationToken);
    }

    /// <summary>Lets things happen until the study is over, or enough has happened.</summary>
    public async Task DisturbAsync(Task study, CancellationToken cancellationToken)
    {
        while (!study.IsCompleted && !IsOver)
        {
            await Task.WhenAny(study, Task.Delay(TimeSpan.FromSeconds(2 * _between * _random.NextDouble()), cancellationToken));
            if (!study.IsCompleted) await FaultAsync(study);
        }

        await study;
        await Task.WhenAll(_underWay);
        _underWay.Clear();
        await _handOvers.EndAsync();
    }

    /// <summary>Tells the faults, the hand-overs with their parts, and the work that was done twice.</summary>
    /// <param name="interval">Steps between two checkpoints.</param>
    /// <returns>Whether no run repeated more than one interval a hand-over, and 95 of 100 hand-overs took at most ten seconds.</returns>
    public bool Tell(int interval)
    {
        Console.WriteLine(string.Join(", ", _kinds.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value}"))));
        var seen = _handOvers.Seen;
        var lost = seen.Count(one => one.IsLost);
        Console.WriteLine($"{seen.Count - lost} of {_handOvers.Due} hand-overs were timed; {lost} were given up after {_patience.TotalSeconds:F0} s");
        Tell("from a fault to training elsewhere", seen);
        Tell("  where no other fault came between", seen.Where(one => one.OtherFaults == 0));
        foreach (var fault in _kinds.Keys) Tell($"  {fault}, no other fault between", seen.Where(one => one.OtherFaults == 0 && one.Fault == fault));
        var (times, steps) = (_repeated.Sum(one => one.HandOvers), _repeated.Sum(one => one.Steps));
        if (times > 0)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{times} hand-overs of runs in all: {steps} steps were done twice, {(double)steps / times:F0} each; checkpoints are {interval} apart"));
        var isQuick = HandOver.AreWithin(MostSeconds, seen);
        if (!isQuick) Console.WriteLine($"More than 5 of 100 hand-overs took longer than {MostSeconds:F0} s.");
        return isQuick && _repeated.All(one => one.Steps <= one.HandOvers * interval);
    }

    private static void Tell(string what, IEnumerable<HandOver> handOvers)
    {
        var all = handOvers.ToArray();
        HandOver.Tell($"{what}: another worker had the lease", all.Select(one => one.Lease));
        HandOver.Tell($"{what}: it had trained an epoch", all.Select(one => one.Training));
    }

    public void Dispose()
    {
        foreach (var worker in _workers) worker.Dispose();
        _redis.Dispose();
        if (_isMounted) Ran("umount", "-l", Store);
    }

    private async Task FaultAsync(Task study)
    {
        _done++;
        var victim = _random.Next(_workers.Count);
        var what = _random.Next(10);
        switch (what)
        {
            case < 5:
                var killed = _workers[victim].Lines.Count == 0 ? "workers killed as they began" : "workers killed";
                Count(killed);
                _workers[victim].Kill();
                _handOvers.Begin(_workers[victim].Name, killed, () => _done, study);
                _workers[victim].Dispose();
                // The next one is late.
                await Task.Delay(TimeSpan.FromSeconds(2 * _random.NextDouble()));
                _workers[victim] = Worker();
                break;
            case < 7:
                const string Asleep = "workers asleep";
                Count(Asleep);
                var asleep = _workers[victim];
                asleep.Sleep();
                _handOvers.Begin(asleep.Name, Asleep, () => _done, study);
                _underWay.Add(Task.Delay(_sleep).ContinueWith(_ => asleep.Wake(), TaskScheduler.Default));
                break;
            case 7 when _isMounted:
                Count("stores full");
                Fill();
                await Task.Delay(_full);
                File.Delete(Path.Combine(Store, "filling"));
                break;
            default:
                Count("servers restarted");
                _redis.Kill();
                await Task.Delay(_restart);
                _redis.Start();
                break;
        }
    }

    private void Fill()
    {
        try
        {
            using var file = File.Create(Path.Combine(Store, "filling"));
            var block = new byte[1 << 20];
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Now it is full.
        }
    }

    private WorkerProcess Worker() => new(_tool, _redis.Address, Store, _slots, "--lease", _lease.ToString(CultureInfo.InvariantCulture));

    private void Count(string kind) => _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;

    private static bool Ran(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(\S+) at (\S+), epoch (\d+)\.$")]
    private static partial Regex Begun();
}
