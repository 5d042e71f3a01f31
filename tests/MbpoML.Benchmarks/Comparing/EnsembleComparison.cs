using MbpoML.Benchmarks.Naive;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>Optimizer steps of the ensemble: seven members of four times 200 units on 256 rows each, of the sizes of HalfCheetah.</summary>
internal static class EnsembleComparison
{
    private const int Members = 7, Batch = 256, Inputs = 23, Outputs = 18, Rows = 25_600;
    private static readonly int[] Hidden = [200, 200, 200, 200];

    /// <summary>Measures all variants in turn and prints their rates.</summary>
    public static void Run(int rounds)
    {
        // The first use of torch in the process: where the system needs help to load it, the library must be there before.
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        using var naive = new NaiveEnsemble(Members, Inputs, Hidden, Outputs);
        using var reference = new Learner(new() { Acceleration = Acceleration.Reference });
        using var oneWorker = new Learner(new() { Workers = 1 });
        using var twoWorkers = new Learner(new() { Workers = 2 });
        using var products = new Products();
        var (input, target, order) = (randn(Rows, Inputs), randn(Rows, Outputs), randint(Rows, [Members, Rows], ScalarType.Int64));
        Variant Naive(int threads) => new($"naive, {threads} thread(s)", threads, steps => NaiveSteps(naive, input, target, order, steps));
        Variant Ours(string name, int threads, Learner learner) => new(name, threads, steps => learner.Steps(input, target, order, steps));
        Variant Bound(int workers) => new($"matrix products alone, {workers} worker(s)", 1, steps => products.Run(workers, steps));
        new Comparison($"ensemble: {Members} members x {Batch} rows, {Inputs} -> {string.Join(", ", Hidden)} -> 2 x {Outputs}", "steps",
        [
            Naive(2), Naive(1), Ours("reference, 2 threads", 2, reference), Ours("reference, 1 thread", 1, reference),
            Ours("fused, 2 workers", 1, twoWorkers), Ours("fused, 1 worker", 1, oneWorker), Bound(2), Bound(1),
        ]).Run(rounds);
    }

    private static void NaiveSteps(NaiveEnsemble naive, Tensor input, Tensor target, Tensor order, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var rows = order.narrow(1, step * Batch % Rows, Batch).reshape(-1);
            naive.Step(input.index_select(0, rows).view(Members, Batch, Inputs), target.index_select(0, rows).view(Members, Batch, Outputs));
        }
    }

    private sealed class Learner(ProbabilisticEnsembleTrainer.Options options) : IDisposable
    {
        private readonly EnsembleLearner _learner = new(new TransitionLayout(Outputs - 1, Inputs - Outputs + 1), options, 1);

        public void Steps(Tensor input, Tensor target, Tensor order, int steps)
        {
            for (var step = 0; step < steps; step++) _learner.Updater.Step(input, target, order, step * Batch % Rows, Batch);
        }

        public void Dispose() => _learner.Dispose();
    }

    // Only the matrix products of a step, into memory that is there, members split over workers: what no implementation on these products can beat.
    private sealed class Products : IDisposable
    {
        private readonly Worker[] _workers = [new(), new()];
        private readonly Companion _two = new(2);

        public void Run(int workers, int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                if (workers == 2) _two.Run(half => _workers[half].Members(Members / 2.0));
                else _workers[0].Members(Members);
            }
        }

        public void Dispose() => _two.Dispose();
    }

    private sealed class Worker
    {
        private readonly Matrix[] _activations = [.. ((int[])[Inputs, .. Hidden, 2 * Outputs]).Select(width => new Matrix(Batch, width))];
        private readonly Matrix[] _weights = [.. Layers().Select(layer => new Matrix(layer.In, layer.Out))];
        private readonly Matrix[] _gradients = [.. Layers().Select(layer => new Matrix(layer.In, layer.Out))];

        public void Members(double count)
        {
            using var noGradient = no_grad();
            for (var member = 0; member < (int)count; member++) OneMember(_activations);
            if (count == (int)count) return;
            var half = _activations.Select(matrix => matrix.Rows(0, Batch / 2)).ToArray();
            OneMember(half);
            foreach (var matrix in half) matrix.Dispose();
        }

        private void OneMember(Matrix[] activations)
        {
            for (var layer = 0; layer < _weights.Length; layer++) activations[layer + 1].SetProduct(activations[layer], _weights[layer]);
            for (var layer = _weights.Length - 1; layer >= 0; layer--)
            {
                _gradients[layer].SetProduct(activations[layer].Transposed, activations[layer + 1]);
                if (layer > 0) activations[layer].SetProduct(activations[layer + 1], _weights[layer].Transposed);
            }
        }

        private static IEnumerable<(int In, int Out)> Layers()
        {
            int[] sizes = [Inputs, .. Hidden, 2 * Outputs];
            return sizes.Zip(sizes.Skip(1));
        }
    }
}
