using System.CommandLine;
using System.Globalization;
using MbpoML.Evaluation;
using MbpoML.Tool.Runs;
using Microsoft.ML;
using Spectre.Console;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo evaluate</c>.</summary>
internal sealed class EvaluateCommand
{
    // Other starts than those of training and its evaluations.
    private const int SeedOffset = 1000;

    private readonly Argument<string[]> _runs = new("runs") { Description = "Folders of runs, or folders that hold some.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int> _episodes = new("--episodes") { Description = "Episodes a run.", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _stochastic = new("--stochastic") { Description = "Draw the actions from the policy instead of taking the most likely ones." };
    private readonly Option<int?> _seed = new("--seed") { Description = "Determines the episodes' starts. Default: 1000 + the run's seed." };

    public static Command Create(ToolConsole console)
    {
        var parts = new EvaluateCommand();
        var command = new Command("evaluate", "Runs episodes of trained policies, and tells their returns.") { parts._runs, parts._episodes, parts._stochastic, parts._seed };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var episodes = parsed.GetValue(_episodes);
        if (episodes < 1) throw new UsageException($"--episodes is {episodes}, but must be at least 1.");
        var table = new Table().Border(TableBorder.Simple).AddColumns("run", "task", "steps", "mean return", "sd", "lowest", "highest", "mean length");
        foreach (var folder in RunFolder.All(parsed.GetValue(_runs)!))
        {
            var options = RunOptions.Read(folder.Options);
            var (metrics, steps) = Evaluate(folder, options, episodes, parsed.GetValue(_seed) ?? SeedOffset + options.Seed, parsed.GetValue(_stochastic));
            table.AddRow(
                folder.Path, options.Task.Name, steps.ToString(CultureInfo.InvariantCulture), Number(metrics.MeanReturn), Number(metrics.ReturnStandardDeviation), Number(metrics.MinimumReturn),
                Number(metrics.MaximumReturn), Number(metrics.MeanLength));
        }

        console.Rich.Write(table);
        return ExitCodes.Success;
    }

    private static (PolicyMetrics Metrics, int Steps) Evaluate(RunFolder folder, RunOptions options, int episodes, int seed, bool stochastic)
    {
        var rl = new MLContext(options.Seed).Reinforcement();
        using var environment = options.Task.Create();
        using var trained = TrainedPolicy.Of(folder);
        return (rl.Evaluate(trained.Policy, environment, episodes, seed, options.Settings.Trainer.MaxEpisodeSteps, stochastic), trained.Steps);
    }

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
