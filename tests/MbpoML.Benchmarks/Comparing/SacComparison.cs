using System.Diagnostics;
using System.Globalization;
using MbpoML.Benchmarks.Naive;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using Spectre.Console;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// SAC updates with 2 x 256 units and 256 rows, drawn from a pool, metrics taken every 1000 updates: the library's paths, a naive version, and the matrix
/// products alone.
/// </summary>
internal static class SacComparison
{
    private const int Hidden = 256, Batch = 256, PoolRows = 100_000;
    private static readonly (string Name, TransitionLayout Layout)[] Tasks = [("HalfCheetah", new(17, 6)), ("Hopper", new(11, 3))];

    public static void Run(int rounds)
    {
        foreach (var (name, layout) in Tasks) Compare(name, layout, rounds);
    }

    /// <summary>Prints the memory of the process before and after many updates on the fast path.</summary>
    public static void RunLong(int updates)
    {
        foreach (var workers in (int[])[1, 2])
        {
            using var pool = FilledPool(Tasks[0].Layout);
            using var training = new Training(pool, Acceleration.Auto, workers);
            training.Run(2000);
            var (before, managed) = (WorkingSet(), GC.GetTotalMemory(forceFullCollection: true));
            training.Run(updates);
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{workers} worker(s): working set {before / 1e6:F1} MB, after {updates:N0} updates {WorkingSet() / 1e6:F1} MB; " +
                $"managed {managed / 1e6:F2} MB, then {GC.GetTotalMemory(forceFullCollection: true) / 1e6:F2} MB"));
        }
    }

    private static void Compare(string name, TransitionLayout layout, int rounds)
    {
        using var pool = FilledPool(layout);
        using var random = new Generator(2);
        using var naive = new NaiveSac(layout, Hidden, random);
        using var one = new Training(pool, Acceleration.Auto, workers: 1);
        using var two = new Training(pool, Acceleration.Auto, workers: 2);
        using var reference = new Training(pool, Acceleration.Reference, workers: 1);
        using var products = new SacProducts(layout, Hidden, Batch, threads: 1);
        using var sharedProducts = new SacProducts(layout, Hidden, Batch, threads: 2);
        void Naive(int updates)
        {
            for (var update = 0; update < updates; update++)
            {
                using var rows = pool.Sample(Batch, random);
                naive.Update(rows);
            }
        }

        var title = $"SAC update, {name} (observation {layout.ObservationSize}, action {layout.ActionSize}), 2 x {Hidden} units, {Batch} rows";
        var rates = new Comparison(title, "updates",
        [
            new("naive, 1 thread", 1, Naive),
            new("naive, 2 threads", 2, Naive),
            new("reference, 1 thread", 1, reference.Run),
            new("reference, 2 threads", 2, reference.Run),
            new("fused, 1 worker", 1, one.Run),
            new("fused, 2 workers", 1, two.Run),
            new("matrix products, 1 thread", 1, count => Repeat(products.Run, count)),
            new("matrix products, 2 threads", 1, count => Repeat(sharedProducts.Run, count)),
        ]).Run(rounds);
        Print("fused, 1 worker", "naive, 1 thread", "matrix products, 1 thread", one);
        Print("fused, 2 workers", "naive, 2 threads", "matrix products, 2 threads", two);

        void Print(string variant, string naiveVariant, string bound, Training training) => AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{variant}: {rates[variant] / rates[naiveVariant]:F2} x {naiveVariant}; {100 * rates[variant] / rates[bound]:F0} % of the {bound}; " +
            $"{AllocatedBytes(training):F0} managed bytes an update"));
    }

    // Of all threads, metrics included.
    private static double AllocatedBytes(Training training)
    {
        const int Updates = 1000;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        training.Run(Updates);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Updates;
    }

    private static ReplayPool FilledPool(TransitionLayout layout)
    {
        var pool = new ReplayPool(layout, PoolRows);
        using var generator = new Generator(1);
        using var rows = randn(PoolRows, layout.Width, generator: generator);
        using (var actions = layout.Action(rows)) actions.clamp_(-1, 1);
        using (var terminated = layout.Terminated(rows)) terminated.fill_(0);
        pool.Append(rows);
        return pool;
    }

    private static void Repeat(Action action, int count)
    {
        for (var index = 0; index < count; index++) action();
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    // A learner that draws its minibatches into memory that is there, as the trainer does.
    private sealed class Training : IDisposable
    {
        private readonly ReplayPool _pool;
        private readonly SacLearner _learner;
        private readonly Generator _generator = new(3);
        private readonly Tensor _batch;
        private int _updates;

        public Training(ReplayPool pool, Acceleration acceleration, int workers)
        {
            _pool = pool;
            _batch = zeros(Batch, pool.Layout.Width);
            var settings = new SacSettings(pool.Layout, BoxSpace.Uniform(pool.Layout.ActionSize, -1, 1), [Hidden, Hidden]);
            _learner = new SacLearner(new ComponentContext(new MLContext(1)), settings, seed: 1, CPU, acceleration, workers);
        }

        public void Run(int updates)
        {
            for (var update = 0; update < updates; update++)
            {
                _pool.SampleInto(_batch, _generator);
                _learner.Update(_batch);
                if (++_updates % 1000 == 0) _learner.TakeMetrics();
            }
        }

        public void Dispose()
        {
            _learner.Dispose();
            _batch.Dispose();
            _generator.Dispose();
        }
    }
}
