using System.Diagnostics;
using System.Globalization;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Training;
using Microsoft.ML;
using Spectre.Console;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>The same run with an environment that takes its time, everything one after the other and with the environment beside the updates.</summary>
internal static class OverlapComparison
{
    private const int MillisecondsAStep = 20;
    private const int Exploration = 50;
    private const int Steps = 200;
    private const int Updates = 40;

    private static readonly OverlappedStages[] Variants = [OverlappedStages.None, OverlappedStages.Environment];

    /// <summary>Runs every variant once a round and prints the medians of seconds.</summary>
    public static void Run(int rounds)
    {
        var seconds = Variants.ToDictionary(stages => stages, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
            foreach (var stages in Variants) seconds[stages].Add(Measure(stages));
        var table = new Table()
            .Title(
                $"{Steps} steps of a pendulum that takes {MillisecondsAStep} ms a step, {Updates} updates a step, a refit of 100 optimizer steps every 50 " +
                    "steps")
            .AddColumns("Overlap", "seconds", "x None");
        var reference = Median(seconds[OverlappedStages.None]);
        foreach (var stages in Variants) table.AddRow(stages.ToString(), Text(Median(seconds[stages])), Text(reference / Median(seconds[stages])));
        AnsiConsole.Write(table);
    }

    private static double Measure(OverlappedStages stages)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = new SlowEnvironment(rl.Environments.Pendulum());
        var preset = new MbpoPreset
        {
            Trainer = { Steps = Steps, InitialExplorationSteps = Exploration, ModelTrainingInterval = 50, UpdatesPerStep = Updates, EvaluationEpisodes = 0,
                Overlap = stages, Threads = 1 },
            Dynamics = { HiddenSizes = [100, 100, 100], MaxOptimizerSteps = 100, BatchSize = 64, Patience = 1000 },
            Rollouts = { BatchSize = 2000, Schedule = RolloutSchedule.Constant(1) },
            Policy = { HiddenSizes = [64, 64] },
        };
        var trainer = rl.Mbpo(environment, preset);
        var start = Stopwatch.GetTimestamp();
        trainer.Fit().Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private sealed class SlowEnvironment(IEnvironment inner) : EnvironmentWrapper(inner)
    {
        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            Thread.Sleep(MillisecondsAStep);
            return base.Step(action, observation);
        }
    }
}
