using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// One imagined step of 256 rows and its gradient by observations and actions, through five elites of four times 200 units, of the sizes of HalfCheetah.
/// </summary>
internal static class GradientComparison
{
    private const int Batch = 256, Observations = 17, Actions = 6;

    /// <summary>Measures all variants in turn and prints their rates.</summary>
    public static void Run(int rounds)
    {
        // The first use of torch in the process: where the system needs help to load it, the library must be there before.
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        using var reference = new Learner(Acceleration.Reference, 1);
        using var oneWorker = new Learner(Acceleration.Auto, 1);
        using var twoWorkers = new Learner(Acceleration.Auto, 2);
        // All rows through one network at once: what no grouping by member can beat.
        using var products = new DenseProducts(Batch, [Observations + Actions, 200, 200, 200, 200, 2 * (1 + Observations)]);
        var title = $"gradient of an imagined step: {Batch} rows, 5 elites, {Observations + Actions} -> 200, 200, 200, 200 -> 2 x {1 + Observations}";
        new Comparison(title, "steps",
        [
            new("reference, 1 thread", 1, reference.Steps),
            new("fused, 1 worker", 1, oneWorker.Steps), new("fused, 2 workers", 1, twoWorkers.Steps),
            new("matrix products alone, 1 thread", 1, products.ToInputs),
        ]).Run(rounds);
    }

    private sealed class Learner : IDisposable
    {
        private readonly EnsembleLearner _learner;
        private readonly EnsembleStep _step;
        private readonly Tensor _observation = randn(Batch, Observations), _action = randn(Batch, Actions), _gradient = randn(Batch, 1 + Observations);
        private readonly (Tensor Drawn, Tensor Noise)[] _draws;

        public Learner(Acceleration acceleration, int workers)
        {
            _learner = new EnsembleLearner(new TransitionLayout(Observations, Actions), new() { Acceleration = acceleration, Workers = workers }, 1);
            _step = _learner.Ensemble.CreateStep(Batch);
            using var generator = new Generator(1);
            _draws = [.. Enumerable.Range(0, 16).Select(_ => _learner.Ensemble.Draw(Batch, generator))];
        }

        public void Steps(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                var (drawn, noise) = _draws[step % _draws.Length];
                _step.Forward(_observation, _action, drawn, noise);
                _step.Backward(_gradient);
            }
        }

        public void Dispose()
        {
            _step.Dispose();
            _learner.Dispose();
        }
    }
}
