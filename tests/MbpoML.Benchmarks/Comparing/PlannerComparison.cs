using System.Globalization;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics.Torch;
using MbpoML.Planning;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>One planned action with five members of four times 200 units, of the sizes of HalfCheetah, beside the sampler alone on the same rows.</summary>
internal static class PlannerComparison
{
    private const int Members = 5, Observations = 18, Actions = 6;
    private static readonly TransitionLayout Layout = new(Observations, Actions);
    // Of iCEM: three shrinking populations, 15 steps, each member once. Of the cross-entropy method: PETS at its paper's full budget.
    private static readonly Budget Fast = new("iCEM", [40, 32, 25], Horizon: 15, Particles: Members),
        Full = new("cross-entropy method", [.. Enumerable.Repeat(500, 5)], Horizon: 30, Particles: 20);

    /// <summary>Measures all variants in turn and prints their rates; a unit is a planned action.</summary>
    public static void Run(int rounds)
    {
        // The first use of torch in the process: where the system needs help to load it, the library must be there before.
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        using var one = new Planners(1);
        using var two = new Planners(2);
        Print(Fast, rounds, one.Fast, two.Fast, one, two);
        Print(Full, Math.Min(rounds, 3), one.Full, two.Full, one, two);
    }

    private static void Print(Budget budget, int rounds, PlanningTransformer planned, PlanningTransformer plannedByTwo, Planners one, Planners two)
    {
        const string Alone = "sampler alone, 1 worker", AloneByTwo = "sampler alone, 2 workers", Plan = "planner, 1 worker", PlanByTwo = "planner, 2 workers";
        var rates = new Comparison(
            string.Create(CultureInfo.InvariantCulture,
                $"{budget.Name}: {budget.Rows:N0} rows an action, {Members} members of 4x200, observation {Observations}"),
            "actions",
            [
                new(Alone, 1, units => one.Sample(budget, units)), new(AloneByTwo, 1, units => two.Sample(budget, units)),
                new(Plan, 1, units => one.Plan(planned, units)), new(PlanByTwo, 1, units => two.Plan(plannedByTwo, units)),
            ]).Run(rounds);
        foreach (var (plan, alone) in ((string, string)[])[(Plan, Alone), (PlanByTwo, AloneByTwo)])
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{plan}: {1000 / rates[plan]:F1} ms an action, {rates[plan] / rates[alone]:p0} of the rate of the {alone}"));
    }

    private sealed record Budget(string Name, IReadOnlyList<int> Populations, int Horizon, int Particles)
    {
        public long Rows => (long)Populations.Sum() * Particles * Horizon;
    }

    private sealed class Planners : IDisposable
    {
        private readonly EnsembleLearner _ensemble;
        private readonly Generator _generator = new(1);
        private readonly Tensor _observation = randn(1, Observations);

        public Planners(int workers)
        {
            _ensemble = new EnsembleLearner(Layout, new() { MemberCount = Members, EliteCount = Members, Workers = workers }, 1);
            var space = new BoxSpace([.. Enumerable.Repeat(-1.0, Actions)], [.. Enumerable.Repeat(1.0, Actions)]);
            var rl = new MLContext(seed: 1).Reinforcement();
            // As PETS has it for HalfCheetah: the velocity in front less a tenth of the squared action.
            var imagined = new ImaginedEnvironment(
                _ensemble.Ensemble, TerminationFunction.Never,
                RewardFunction.FromTensors((_, action, next) => next.select(1, 0) - (action.square().sum(1) * 0.1)));
            Fast = rl.Policies.Planner(
                imagined, space, rl.Planning.ImprovedCrossEntropy(),
                new() { Horizon = PlannerComparison.Fast.Horizon, Particles = PlannerComparison.Fast.Particles });
            Full = rl.Policies.Planner(
                imagined, space, rl.Planning.CrossEntropy(new() { Candidates = 500, Elites = 50 }),
                new() { Horizon = PlannerComparison.Full.Horizon, Particles = PlannerComparison.Full.Particles });
        }

        public PlanningTransformer Fast { get; }

        public PlanningTransformer Full { get; }

        public void Plan(PlanningTransformer planner, int units)
        {
            for (var unit = 0; unit < units; unit++)
            {
                using var scope = NewDisposeScope();
                planner.Plan(_observation, _generator);
            }
        }

        public void Sample(Budget budget, int units)
        {
            for (var unit = 0; unit < units; unit++)
                foreach (var population in budget.Populations)
                    Sample(population * budget.Particles, budget.Horizon);
        }

        private void Sample(int rows, int steps)
        {
            using var scope = NewDisposeScope();
            var (observation, action) = (randn(rows, Observations), rand(rows, Actions));
            for (var step = 0; step < steps; step++)
            {
                using var inner = NewDisposeScope();
                _ensemble.Ensemble.Sample(observation, action, _generator);
            }
        }

        public void Dispose()
        {
            Fast.Dispose();
            Full.Dispose();
            _generator.Dispose();
            _ensemble.Dispose();
        }
    }
}
