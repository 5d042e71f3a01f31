using System.Globalization;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.ValueGradient;
using Microsoft.ML;
using Spectre.Console;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// Value-gradient updates of 256 start states through five steps of eight members of 3 x 256 units: the library's paths, and the matrix products alone.
/// </summary>
internal static class ValueGradientComparison
{
    private const int Members = 8;
    private static readonly int[] ModelHidden = [256, 256, 256];

    private static readonly (string Name, TransitionLayout Layout, int[] Hidden, int Critics)[] Tasks =
    [
        ("Hopper, 3 critics of 2 x 256", new(11, 3), [256, 256], 3),
        ("Hopper, 5 critics of 3 x 256, as published", new(11, 3), [256, 256, 256], 5),
        ("HalfCheetah, 3 critics of 2 x 256", new(17, 6), [256, 256], 3),
    ];

    public static void Run(int rounds)
    {
        foreach (var (name, layout, hidden, critics) in Tasks) Compare(name, Settings(layout, hidden, critics), rounds);
    }

    private static ValueGradientSettings Settings(TransitionLayout layout, int[] hidden, int critics) =>
        new(layout, BoxSpace.Uniform(layout.ActionSize, -1, 1), hidden, hidden) { CriticCount = critics };

    private static void Compare(string name, ValueGradientSettings settings, int rounds)
    {
        using var one = new Training(settings, Acceleration.Auto, workers: 1);
        using var two = new Training(settings, Acceleration.Auto, workers: 2);
        using var reference = new Training(settings, Acceleration.Reference, workers: 1);
        int[] model = [settings.Critic.Inputs, .. ModelHidden, 1 + settings.Layout.ObservationSize];
        using var products = new ValueGradientProducts(settings, model, threads: 1);
        using var sharedProducts = new ValueGradientProducts(settings, model, threads: 2);
        var rates = new Comparison($"value-gradient update, {name}, {2e-9 * products.MultiplyAdds:F2} GFLOP", "updates",
        [
            new("reference, 1 thread", 1, reference.Run),
            new("fused, 1 worker", 1, one.Run),
            new("fused, 2 workers", 1, two.Run),
            new("matrix products, 1 thread", 1, count => Repeat(products.Run, count)),
            new("matrix products, 2 threads", 1, count => Repeat(sharedProducts.Run, count)),
        ]).Run(rounds);
        Print("fused, 1 worker", "matrix products, 1 thread", one);
        Print("fused, 2 workers", "matrix products, 2 threads", two);

        void Print(string variant, string bound, Training training) => AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{variant}: {rates[variant] / rates["reference, 1 thread"]:F2} x reference, 1 thread; {100 * rates[variant] / rates[bound]:F0} % of the " +
            $"{bound}; " +
            $"{1000 / rates[variant]:F1} s for 1000 updates; {AllocatedBytes(training):F0} managed bytes an update"));
    }

    // Of all threads.
    private static double AllocatedBytes(Training training)
    {
        const int Updates = 200;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        training.Run(Updates);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Updates;
    }

    private static void Repeat(Action action, int count)
    {
        for (var index = 0; index < count; index++) action();
    }

    // A learner whose model was fitted to random transitions, and whose task ends now and then.
    private sealed class Training : IDisposable
    {
        private readonly ValueGradientLearner _learner;
        private readonly HomoscedasticLearner _model;
        private readonly Tensor[] _starts;
        private int _updates;

        public Training(ValueGradientSettings settings, Acceleration acceleration, int workers)
        {
            using var scope = NewDisposeScope();
            var layout = settings.Layout;
            _model = new HomoscedasticLearner(
                layout, new() { MemberCount = Members, HiddenSizes = ModelHidden, FirstOptimizerSteps = 20, Acceleration = acceleration }, seed: 1);
            using var generator = new Generator(1);
            var rows = randn(2000, layout.Width, generator: generator);
            layout.Action(rows).clamp_(-1, 1);
            layout.NextObservation(rows).copy_(layout.Observation(rows) + (0.1 * layout.NextObservation(rows)));
            layout.Terminated(rows).fill_(0);
            layout.Truncated(rows).fill_(0);
            _model.Fit(rows, CancellationToken.None);
            _learner = new ValueGradientLearner(new ComponentContext(new MLContext(1)), settings, seed: 1, CPU, acceleration, workers);
            var termination = TerminationFunction.FromRow((_, _, next) => Math.Abs(next[0]) > 3);
            _learner.UseModel(new ImaginedEnvironment(() => _model.Model, termination, reward: null));
            _learner.Look(rows);
            _starts =
                [.. Enumerable.Range(0, 16).Select(_ => randn(settings.BatchSize, layout.ObservationSize, generator: generator).DetachFromDisposeScope())];
        }

        public void Run(int updates)
        {
            for (var update = 0; update < updates; update++)
            {
                _learner.Update(_starts[_updates % _starts.Length]);
                if (++_updates % 1000 == 0) _learner.TakeMetrics();
            }
        }

        public void Dispose()
        {
            _learner.Dispose();
            _model.Dispose();
            foreach (var starts in _starts) starts.Dispose();
        }
    }
}
