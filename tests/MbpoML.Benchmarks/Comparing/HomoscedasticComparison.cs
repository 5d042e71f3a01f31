using System.Globalization;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// The ensemble with constant noise, of the sizes of HalfCheetah: optimizer steps of eight members of three times 256 units on 256 rows each, and imagined
/// steps of 256 rows with their gradient.
/// </summary>
internal static class HomoscedasticComparison
{
    private const int Members = 8, Batch = 256, Observations = 17, Actions = 6, Rows = 20_000;
    private const string Bound = "matrix products alone, 1 worker", BoundOfTwo = "matrix products alone, 2 workers",
        BoundOfMembers = "matrix products alone, 32 rows through each member", Fused = "fused, 1 worker", FusedByTwo = "fused, 2 workers";
    private static readonly int[] Sizes = [Observations + Actions, 256, 256, 256, 1 + Observations];

    /// <summary>Measures all variants in turn and prints their rates.</summary>
    public static void Run(int rounds)
    {
        // The first use of torch in the process: where the system needs help to load it, the library must be there before.
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        using var reference = new Learner(Acceleration.Reference, 1);
        using var oneWorker = new Learner(Acceleration.Auto, 1);
        using var twoWorkers = new Learner(Acceleration.Auto, 2);
        using var first = new DenseProducts(Batch, Sizes);
        using var second = new DenseProducts(Batch, Sizes);
        using var two = new Companion(2);
        var products = (DenseProducts[])[first, second];
        var fits = new Comparison($"homoscedastic ensemble, fit: {Members} members x {Batch} rows, {string.Join(", ", Sizes)}", "steps",
        [
            new("reference, 1 thread", 1, reference.Fit), new(Fused, 1, oneWorker.Fit), new(FusedByTwo, 1, twoWorkers.Fit),
            new(Bound, 1, steps => first.ToWeights(Members * steps)),
            new(BoundOfTwo, 1, steps => two.Run(half => products[half].ToWeights(Members / 2 * steps))),
        ]).Run(rounds);
        Print(fits, Fused, Bound);
        Print(fits, FusedByTwo, BoundOfTwo);
        // Each member's weights come from further away than one network's, and its rows are few.
        var members = Enumerable.Range(0, Members).Select(_ => new DenseProducts(Batch / Members, Sizes)).ToArray();
        var gradients = new Comparison(
            $"homoscedastic ensemble, imagined step with gradient: {Batch} rows over {Members} members, {string.Join(", ", Sizes)}", "steps",
        [
            new("reference, 1 thread", 1, reference.Imagine), new(Fused, 1, oneWorker.Imagine), new(Bound, 1, first.ToInputs),
            new(BoundOfMembers, 1, steps => EachMember(members, steps)),
        ]).Run(rounds);
        Print(gradients, Fused, Bound);
        Print(gradients, Fused, BoundOfMembers);
        foreach (var member in members) member.Dispose();
    }

    private static void EachMember(DenseProducts[] members, int steps)
    {
        for (var step = 0; step < steps; step++)
            foreach (var member in members) member.ToInputs(1);
    }

    private static void Print(IReadOnlyDictionary<string, double> rates, string ours, string bound) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ours}: {rates[ours] / rates[bound]:p0} of {bound}"));

    private sealed class Learner : IDisposable
    {
        private readonly HomoscedasticLearner _learner;
        private readonly FitRows _rows;
        private readonly IDifferentiableStep _step;
        private readonly Tensor _observation = randn(Batch, Observations), _action = randn(Batch, Actions), _gradient = randn(Batch, 1 + Observations);
        private readonly Generator _generator = new(1);

        public Learner(Acceleration acceleration, int workers)
        {
            var layout = new TransitionLayout(Observations, Actions);
            _learner = new HomoscedasticLearner(layout, new() { Acceleration = acceleration, Workers = workers }, 1);
            _rows = _learner.Prepare(randn(Rows, layout.Width));
            _step = _learner.Ensemble.CreateStep(Batch);
        }

        // As long as between two looks at the loss.
        public void Fit(int steps)
        {
            const int AtOnce = 50;
            for (var step = 0; step < steps; step += AtOnce)
                _learner.Updater.Run(_rows, new StepRange(step, Math.Min(AtOnce, steps - step), steps), CancellationToken.None);
        }

        public void Imagine(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                _step.Forward(_observation, _action, _generator);
                _step.Backward(_gradient);
            }
        }

        public void Dispose()
        {
            _step.Dispose();
            _generator.Dispose();
            _learner.Dispose();
        }
    }
}
