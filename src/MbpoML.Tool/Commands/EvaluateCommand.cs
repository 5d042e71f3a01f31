using System.CommandLine;
using System.Globalization;
using MbpoML.Evaluation;
using MbpoML.Experiments.Evaluations;
using MbpoML.Experiments.Tasks;
using MbpoML.Tool.Display;
using MbpoML.Tool.Tasks;
using Microsoft.ML;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo evaluate</c>.</summary>
internal sealed class EvaluateCommand
{
    // Other starts than those of training and its evaluations.
    private const int SeedOffset = 1000;

    private readonly Argument<string[]> _runs = new("runs") { Description = "Folders of runs, or folders that hold some.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int> _episodes = new("--episodes") { Description = "Episodes a run.", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _stochastic =
        new("--stochastic") { Description = "Draw the actions from the policy instead of taking the most likely ones." };
    private readonly Option<int?> _seed = new("--seed") { Description = "Determines the episodes' starts. Default: 1000 + the run's seed." };

    private readonly Option<string?> _environment = EnvironmentOption.Create();
    private readonly Option<string?> _log = new("--log")
    {
        Description =
            "Compares the policies with logged transitions in place of running episodes: a CSV file of observation, action, reward, next observation and end " +
                "of the task, or the folder of a run.",
    };

    public static Command Create(ToolConsole console)
    {
        var parts = new EvaluateCommand();
        var command = new Command("evaluate", "Runs episodes of trained policies, and tells their returns.")
        {
            parts._runs, parts._episodes, parts._stochastic, parts._seed, parts._environment, parts._log,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var episodes = parsed.GetValue(_episodes);
        if (episodes < 1) throw new UsageException(Invariant($"--episodes is {episodes}, but must be at least 1."));
        if (parsed.GetValue(_log) is { } log) return Compare(parsed, log, console);
        var environment = parsed.GetValue(_environment);
        var table = new PlainTable("run", "task", "steps", "mean return", "deviation", "lowest", "highest", "mean length");
        foreach (var folder in RunFolders.All(parsed.GetValue(_runs)!))
        {
            var options = Options(folder, environment);
            var (metrics, steps) = Evaluate(
                folder, options, environment, episodes, parsed.GetValue(_seed) ?? SeedOffset + options.Seed, parsed.GetValue(_stochastic));
            table.AddRow(
                folder.Path, options.Task.Name, steps.ToString(CultureInfo.InvariantCulture), Number(metrics.MeanReturn),
                Number(metrics.ReturnStandardDeviation), Number(metrics.MinimumReturn),
                Number(metrics.MaximumReturn), Number(metrics.MeanLength));
        }

        console.Rich.Write(table);
        return ExitCodes.Success;
    }

    private static (PolicyMetrics Metrics, int Steps) Evaluate(
        RunFolder folder, RunOptions options, string? environmentOf, int episodes, int seed, bool stochastic)
    {
        var rl = new MLContext(options.Seed).Reinforcement();
        using var environment = options.Task.Create();
        using var trained = TrainedPolicy.Of(folder, TaskList.Catalog, environmentOf);
        return (rl.Evaluate(trained.Policy, environment, episodes, seed, options.Settings.TrainerOptions.MaxEpisodeSteps, stochastic), trained.Steps);
    }

    // What needs no more than the environment is told of runs that only their own program can resume.
    private static RunOptions Options(RunFolder folder, string? environment)
    {
        var options = RunOptions.Read(folder.Options, TaskList.Catalog);
        return environment is null ? options : options.In(TaskCatalog.Load(environment, options.Task.Name, options.Task.TimeLimit));
    }

    private int Compare(ParseResult parsed, string log, ToolConsole console)
    {
        if (parsed.GetValue(_stochastic) || parsed.GetValue(_seed) is not null)
            throw new UsageException("--log compares the most likely actions with logged ones: leave out --stochastic and --seed.");
        var table = new PlainTable(
            "run", "task", "steps", "logged transitions", "mean logged reward", "mean distance of the actions", "median of the largest", "rows within a tenth");
        foreach (var folder in RunFolders.All(parsed.GetValue(_runs)!))
        {
            var environment = parsed.GetValue(_environment);
            using var trained = TrainedPolicy.Of(folder, TaskList.Catalog, environment);
            var policy = trained.Policy;
            var rows = Directory.Exists(log) ? LoggedRun.Read(RunFolders.Existing(log), TaskList.Catalog, environment)
                : LogFile.Read(log, policy.ObservationSize, policy.ActionSpace.Size);
            if (rows.Observations[0].Length != policy.ObservationSize || rows.Actions[0].Length != policy.ActionSpace.Size)
            {
                throw new UsageException(
                    Invariant($"'{log}' has {rows.Observations[0].Length} observations and {rows.Actions[0].Length} actions, but the policy of ") +
                        Invariant($"'{folder.Path}' has {policy.ObservationSize} and {policy.ActionSpace.Size}."));
            }

            var distance = ActionDistance.Of(policy, rows);
            table.AddRow(
                folder.Path, RunOptions.Read(folder.Options, TaskList.Catalog).Task.Name, trained.Steps.ToString(CultureInfo.InvariantCulture),
                rows.Rewards.Count.ToString("N0", CultureInfo.InvariantCulture),
                rows.Rewards.Average().ToString("G4", CultureInfo.InvariantCulture), Part(distance.Mean), Part(distance.Median),
                distance.Near.ToString("P0", CultureInfo.InvariantCulture));
        }

        console.Rich.Write(table);
        return ExitCodes.Success;
    }

    private static string Part(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
