using MbpoML.Dynamics;
using MbpoML.Environments.Tasks;
using MbpoML.Planning;
using Microsoft.ML;

namespace MbpoML.Tests.Planning;

/// <summary>Planners on the true equations of the pendulum, with nothing learned to hide behind: at random an episode has about -1200.</summary>
public class PlannerReturnTests
{
    private const int Horizon = 20;

    private static readonly IReadOnlyDictionary<string, IActionSequenceOptimizer> Optimizers = Made();

    private static IEnumerable<string> Names => Optimizers.Keys;

    // Random shooting keeps no plan: it swings up, but holds less well.
    [TestCaseSource(nameof(Names))]
    public void The_pendulum_is_swung_up_and_held_in_the_first_episode(string name)
    {
        foreach (var value in Return(Optimizers[name], 1)) Assert.That(value, Is.GreaterThanOrEqualTo(name == "random shooting" ? -300 : -200), name);
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
