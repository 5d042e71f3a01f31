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
        (string Name, IActionSequenceOptimizer Optimizer, bool WarmStart)[] planners =
        [
            ("iCEM", planning.ImprovedCrossEntropy(), true),
            ("MPPI", planning.PathIntegral(), true),
            ("random shooting", planning.RandomShooting(new() { Candidates = 1000 }), true),
            ("random shooting as in PETS (`Persistence` 0, `WarmStart` false)",
                planning.RandomShooting(new() { Candidates = 1000, Persistence = 0 }), false),
            ("cross-entropy method", planning.CrossEntropy(new() { Candidates = 200, Elites = 20 }), true),
        ];
        var table = new MarkdownTable("planner", "rollouts a step", "mean return", "lowest");
        foreach (var (name, optimizer, warmStart) in planners)
        {
            var (returns, rollouts) = Measure(optimizer, warmStart, episodes);
            table.Add(name, rollouts.ToString("F0", CultureInfo.InvariantCulture), Text(returns.Average()), Text(returns.Min()));
        }

        table.Print(string.Create(CultureInfo.InvariantCulture, $"{episodes} episodes of each planner, {Horizon} steps ahead"));
    }

    // The rollouts a step are counted: the rows that the model was asked for, of which each step of a rollout needs one.
    private static (double[] Returns, double Rollouts) Measure(IActionSequenceOptimizer optimizer, bool warmStart, int episodes)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var pendulum = new PendulumEnvironment();
        using var equations = new PendulumEnvironment();
        var model = new CountedModel(new EnvironmentDynamicsModel(equations));
        using var planner = rl.Policies.Planner(model, pendulum, optimizer, new() { Horizon = Horizon, WarmStart = warmStart }, PlannerSeed);
        var evaluated = rl.Evaluate(planner, pendulum, episodes, StartSeed).Episodes;
        return ([.. evaluated.Select(episode => episode.Return)], (double)model.Rows / (Horizon * evaluated.Sum(episode => episode.Length)));
    }

    private static string Text(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
