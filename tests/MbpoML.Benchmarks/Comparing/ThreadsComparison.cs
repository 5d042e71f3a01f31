using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// Updates with one torch thread and with as many as there are cores, small networks and those of the paper: what a default number of threads would cost and
/// gain.
/// </summary>
internal static class ThreadsComparison
{
    private static readonly int Threads = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Measures all variants in turn and prints their rates.</summary>
    public static void Run(int rounds)
    {
        TorchRuntime.EnsureAvailable();
        Compare("policy updates of the pendulum: observation 3, action 1, 2 x 64, 256 rows", rounds, new(3, 1), [64, 64], [64, 64, 64], 128);
        Compare("policy updates of HalfCheetah: observation 17, action 6, 2 x 256, 256 rows", rounds, new(17, 6), [256, 256], [200, 200, 200, 200], 256);
    }

    private static void Compare(string title, int rounds, TransitionLayout layout, int[] policy, int[] ensemble, int batch)
    {
        using (var reference = new PolicyUpdates(layout, policy, Acceleration.Reference))
        using (var fused = new PolicyUpdates(layout, policy, Acceleration.Auto))
            new Comparison(title, "updates", [reference.With(1), reference.With(Threads), fused.With(1), fused.With(Threads)]).Run(rounds);
        using (var reference = new EnsembleSteps(layout, ensemble, batch, Acceleration.Reference))
        using (var fused = new EnsembleSteps(layout, ensemble, batch, Acceleration.Auto))
            new Comparison($"model steps: 7 members of {ensemble.Length} x {ensemble[0]}, {batch} rows each", "steps",
                [reference.With(1), reference.With(Threads), fused.With(1), fused.With(Threads)]).Run(rounds);
    }

    private static string Name(Acceleration acceleration, int threads) =>
        $"{(acceleration == Acceleration.Auto ? "fused" : "reference")}, {threads} torch thread{(threads == 1 ? "" : "s")}";

    private sealed class PolicyUpdates : IDisposable
    {
        private const int Batch = 256;
        private readonly SacLearner _learner;
        private readonly Tensor _rows;
        private readonly Acceleration _acceleration;

        public PolicyUpdates(TransitionLayout layout, int[] hidden, Acceleration acceleration)
        {
            _acceleration = acceleration;
            _learner = new SacLearner(new ComponentContext(new MLContext(1)), new SacSettings(layout, BoxSpace.Uniform(layout.ActionSize, -1, 1), hidden),
                seed: 1, CPU, acceleration);
            using var generator = new Generator(1);
            _rows = rand(Batch, layout.Width, generator: generator);
        }

        public Variant With(int threads) => new(Name(_acceleration, threads), threads, updates =>
        {
            for (var update = 0; update < updates; update++) _learner.Update(_rows);
        });

        public void Dispose()
        {
            _learner.Dispose();
            _rows.Dispose();
        }
    }

    private sealed class EnsembleSteps : IDisposable
    {
        private const int Rows = 5000;
        private readonly EnsembleLearner _learner;
        private readonly Tensor _inputs, _targets, _order;
        private readonly Acceleration _acceleration;
        private readonly int _batch;

        public EnsembleSteps(TransitionLayout layout, int[] hidden, int batch, Acceleration acceleration)
        {
            (_acceleration, _batch) = (acceleration, batch);
            var options = new ProbabilisticEnsembleTrainer.Options { HiddenSizes = hidden, Acceleration = acceleration };
            _learner = new EnsembleLearner(layout, options, seed: 1);
            using var generator = new Generator(1);
            (_inputs, _targets) = (rand(Rows, layout.ObservationSize + layout.ActionSize, generator: generator),
                rand(Rows, 1 + layout.ObservationSize, generator: generator));
            _order = randint(Rows, [options.MemberCount, batch], ScalarType.Int64, generator: generator);
        }

        public Variant With(int threads) => new(Name(_acceleration, threads), threads, steps =>
        {
            for (var step = 0; step < steps; step++) _learner.Updater.Step(_inputs, _targets, _order, 0, _batch);
        });

        public void Dispose()
        {
            _learner.Dispose();
            foreach (var tensor in (Tensor[])[_inputs, _targets, _order]) tensor.Dispose();
        }
    }
}
