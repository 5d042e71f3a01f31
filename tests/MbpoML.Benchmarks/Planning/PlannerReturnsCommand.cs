using System.CommandLine;
using System.Globalization;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Dynamics;
using MbpoML.Environments.Tasks;
using MbpoML.Planning;
using Microsoft.ML;

namespace MbpoML.Benchmarks.Planning;

/// <summary>The verb <c>planner-returns</c>: what each planner earns with the true equations of the pendulum, from the same starts.</summary>
internal static class PlannerReturnsCommand
{
    private const int Horizon = 20, PlannerSeed = 2, StartSeed = 3;

    public static Command Create()
    {
        var episodes = new Option<int>("--episodes") { Description = "Episodes of 200 steps for each planner.", DefaultValueFactory = _ => 6 };
        var command = new Command("planner-returns", "Returns of all planners on the true equations of the pendulum.") { episodes };
        command.SetAction(parsed =>
        {
            Machine.Print();
            Print(parsed.GetValue(episodes));
            return 0;
        });
        return command;
    }

    private static void Print(int episodes)
    {
        var planning = new MLContext(seed: 1).Reinforcement().Planning;
        (string Name, int Rollouts, IActionSequenceOptimizer Optimizer, bool WarmStart)[] planners =
        [
            ("iCEM", 97, planning.ImprovedCrossEntropy(), true),
            ("MPPI", 1751, planning.PathIntegral(), true),
            ("random shooting", 1000, planning.RandomShooting(new() { Candidates = 1000 }), true),
            ("random shooting as in PETS (`Persistence` 0, `WarmStart` false)", 1000,
                planning.RandomShooting(new() { Candidates = 1000, Persistence = 0 }), false),
            ("cross-entropy method", 1001, planning.CrossEntropy(new() { Candidates = 200, Elites = 20 }), true),
        ];
        var table = new MarkdownTable("planner", "rollouts a step", "mean return", "lowest");
        foreach (var (name, rollouts, optimizer, warmStart) in planners)
        {
            var returns = Returns(optimizer, warmStart, episodes);
            table.Add(name, rollouts.ToString(CultureInfo.InvariantCulture), Text(returns.Average()), Text(returns.Min()));
        }

        table.Print(string.Create(CultureInfo.InvariantCulture, $"{episodes} episodes of each planner, {Horizon} steps ahead"));
    }

    private static double[] Returns(IActionSequenceOptimizer optimizer, bool warmStart, int episodes)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var pendulum = new PendulumEnvironment();
        using var equations = new PendulumEnvironment();
        using var planner = rl.Policies.Planner(
            new EnvironmentDynamicsModel(equations), pendulum, optimizer, new() { Horizon = Horizon, WarmStart = warmStart }, PlannerSeed);
        return [.. rl.Evaluate(planner, pendulum, episodes, StartSeed).Episodes.Select(episode => episode.Return)];
    }

    private static string Text(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
