using MbpoML.Benchmarks.Naive;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>Imagined steps of 100,000 rows with seven members of four times 200 units, of which five predict, of the sizes of HalfCheetah.</summary>
internal static class RolloutComparison
{
    private const int Members = 7, Rows = 100_000, Observations = 17, Actions = 6;
    private static readonly int[] Hidden = [200, 200, 200, 200];
    private static readonly TransitionLayout Layout = new(Observations, Actions);

    /// <summary>Measures all variants in turn and prints their rates; a unit is a row.</summary>
    public static void Run(int rounds)
    {
        // The first use of torch in the process: where the system needs help to load it, the library must be there before.
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        using var naive = new NaiveEnsemble(Members, Observations + Actions, Hidden, 1 + Observations);
        using var reference = new Ours(Acceleration.Reference, 2);
        using var oneWorker = new Ours(Acceleration.Auto, 1);
        using var twoWorkers = new Ours(Acceleration.Auto, 2);
        var (observation, action) = (randn(Rows, Observations), rand(Rows, Actions));
        Variant AllMembers(int threads) => new($"all members on all rows, {threads} thread(s)", threads, rows => InBatches(rows, count =>
        {
            using var drawn = randint(Members, [count], ScalarType.Int64);
            using var outcome = naive.Predict(cat([observation.narrow(0, 0, count), action.narrow(0, 0, count)], 1), drawn);
        }));
        Variant Predict(string name, int threads, Ours ours) =>
            new($"predict, {name}", threads, rows => InBatches(rows, count => ours.Predict(observation.narrow(0, 0, count), action.narrow(0, 0, count))));
        Variant Generate(string name, int threads, Ours ours) =>
            new($"whole rollout, {name}", threads, rows => InBatches(rows, count => ours.Generate(observation.narrow(0, 0, count))));
        new Comparison($"rollout step: {Members} members, 5 elites, observation {Observations}, action {Actions}, batches of at most {Rows:N0}", "rows",
        [
            AllMembers(2), AllMembers(1),
            Predict("reference, 2 threads", 2, reference), Predict("fused, 2 workers", 2, twoWorkers), Predict("fused, 1 worker", 1, oneWorker),
            Generate("reference, 2 threads", 2, reference), Generate("fused, 2 workers", 2, twoWorkers), Generate("fused, 1 worker", 1, oneWorker),
        ]).Run(rounds);
    }

    // The last batch holds what is left, so that any number of rows can be asked for.
    private static void InBatches(int rows, Action<int> batch)
    {
        for (var done = 0; done < rows; done += Rows)
        {
            using var scope = NewDisposeScope();
            batch(Math.Min(Rows, rows - done));
        }
    }

    // Model, policy and pool as the trainer has them; weights are fresh, which costs the same time.
    private sealed class Ours : IDisposable
    {
        private readonly EnsembleLearner _ensemble;
        private readonly SacLearner _policy;
        private readonly ReplayPool _pool = new(Layout, Rows);
        private readonly Generator _generator = new(1);
        private readonly BranchedRolloutGenerator _rollouts;

        public Ours(Acceleration acceleration, int workers)
        {
            _ensemble = new EnsembleLearner(Layout, new() { Acceleration = acceleration, Workers = workers }, 1);
            var actions = new BoxSpace([.. Enumerable.Repeat(-1.0, Actions)], [.. Enumerable.Repeat(1.0, Actions)]);
            _policy = new SacLearner(new ComponentContext(new MLContext(1)), new SacSettings(Layout, actions, [256, 256]), 1, CPU, acceleration, workers);
            _rollouts = new BranchedRolloutGenerator(
                new ImaginedEnvironment(_ensemble.Ensemble, TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 100)), rule: null);
        }

        public void Predict(Tensor observation, Tensor action) => _ensemble.Ensemble.Sample(observation, action, _generator);

        public void Generate(Tensor starts) => _rollouts.Generate(starts, 1, _policy, _generator, (rows, _) => _pool.Append(rows));

        public void Dispose()
        {
            _ensemble.Dispose();
            _policy.Dispose();
            _pool.Dispose();
            _generator.Dispose();
        }
    }
}
