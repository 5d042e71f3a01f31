using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Imagination;
using MbpoML.Planning;
using MbpoML.Tests.Fakes;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Planning;

/// <summary>Planners on the true equations of the pendulum, with nothing learned to hide behind: at random an episode has about -1200.</summary>
public class PlannerReturnTests
{
    private const int Horizon = 20;

    private static readonly IReadOnlyDictionary<string, IActionSequenceOptimizer> Optimizers = Made();

    private static IEnumerable<string> Names => Optimizers.Keys;

    [TestCaseSource(nameof(Names))]
    public void The_pendulum_is_swung_up_and_held_in_the_first_episode(string name)
    {
        foreach (var value in Return(Optimizers[name], 1)) Assert.That(value, Is.GreaterThanOrEqualTo(-200), name);
    }

    // Without the constraint the line's end is reached at full speed.
    [Test]
    public void A_constraint_is_kept_by_every_step_that_is_taken()
    {
        const float Limit = 0.3f;
        var rl = new MLContext(seed: 1).Reinforcement();
        var (free, _) = Fastest(rl, null);
        var (kept, place) = Fastest(rl, TerminationFunction.FromTensors((_, _, next) => next.select(1, 1).abs() > Limit));
        Assert.That(free, Is.GreaterThan(1.5 * Limit), "without the constraint it is broken");
        Assert.That(kept, Is.LessThanOrEqualTo(Limit).And.GreaterThan(0.5 * Limit));
        Assert.That(place, Is.EqualTo(0).Within(0.2), "from 1, and all the same");
    }

    private static (double Speed, double Place) Fastest(ReinforcementCatalog rl, ITerminationFunction? constraint)
    {
        using var line = new MbpoML.Environments.Tasks.LineEnvironment();
        var equations = new FunctionModel(new TransitionLayout(2, 1), (state, action, _) =>
        {
            var speed = state.narrow(1, 1, 1) + action;
            var place = state.narrow(1, 0, 1) + speed;
            return new ImaginedStep(cat([place, speed], 1), place.square().squeeze(1) * -0.001, zeros(state.size(0), ScalarType.Bool));
        });
        using var planner = rl.Policies.Planner(
            new ImaginedEnvironment(equations), line.ActionSpace, rl.Planning.ImprovedCrossEntropy(new() { Candidates = 200 }),
            new() { Horizon = 6, Constraint = constraint }, seed: 2);
        using var actor = ((IPolicy)planner).NewActor();
        var (observation, action, fastest) = (new double[2], new double[1], 0.0);
        line.Reset(3, observation);
        actor.Begin(rows: 1);
        for (var step = 0; step < 25; step++)
        {
            actor.Act(observation, action, generator: null);
            line.Step(action, observation);
            fastest = Math.Max(fastest, Math.Abs(observation[1]));
        }

        return (fastest, observation[0]);
    }

    internal static double[] Return(IActionSequenceOptimizer optimizer, int episodes, PlanningTransformer.Options? options = null)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var pendulum = new PendulumEnvironment();
        using var equations = new PendulumEnvironment();
        using var planner = rl.Policies.Planner(new EnvironmentDynamicsModel(equations), pendulum, optimizer, options ?? new() { Horizon = Horizon }, seed: 2);
        return [.. rl.Evaluate(planner, pendulum, episodes, seed: 3).Episodes.Select(episode => episode.Return)];
    }

    [Test]
    public void Icem_with_a_hundred_rollouts_is_no_worse_than_cem_with_a_thousand()
    {
        const int Episodes = 6;
        var planning = new MLContext(seed: 1).Reinforcement().Planning;
        var icem = Return(planning.ImprovedCrossEntropy(), Episodes);
        var cem = Return(planning.CrossEntropy(new() { Candidates = 200, Elites = 20 }), Episodes);
        TestContext.Out.WriteLine($"{icem.Average():F1} {cem.Average():F1}");
        Assert.That(icem.Average(), Is.GreaterThanOrEqualTo(cem.Average() - 1));
    }

    private static Dictionary<string, IActionSequenceOptimizer> Made()
    {
        var planning = new MLContext(seed: 1).Reinforcement().Planning;
        return new()
        {
            ["random shooting"] = planning.RandomShooting(new() { Candidates = 1000 }),
            ["CEM"] = planning.CrossEntropy(new() { Candidates = 200, Elites = 20 }),
            ["iCEM"] = planning.ImprovedCrossEntropy(),
            ["MPPI"] = planning.PathIntegral(new() { Candidates = 200 }),
        };
    }
}
