using System.Globalization;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Training.Metrics;
using MbpoML.Training.Schedules;
using Microsoft.ML;

namespace MbpoML.Benchmarks.EndToEnd;

/// <summary>Trains for a while on top of logged transitions, so that a run's late stretch is measured without its beginning.</summary>
/// <remarks>
/// How many epochs early stopping gives a refit depends on the task's physics, which a stand-in has not: so the number is fixed, and figures can be compared.
/// The first refit and the steps after it warm up and are not counted. A metrics file and progress reports are on, as in a real run.
/// </remarks>
internal static class RunTimeExperiment
{
    /// <summary>The mean of a public run of Hopper: 2.99 million optimizer steps in 123,000 environment steps, a refit every 250.</summary>
    public const int UsualEpochs = 27;

    public static void Run(TaskSize task, int data, int steps, int epochs, int workers, bool fast, string[] overrides)
    {
        var settings = fast ? task.Settings().Fast() : task.Settings();
        foreach (var assignment in overrides) settings.Set(assignment);
        var run = MeasureAtRefits(settings, data, steps);
        if (epochs > 0) (settings.Dynamics.MaxEpochs, settings.Dynamics.Patience) = (epochs, epochs);
        (settings.Policy.Workers, settings.Dynamics.Workers, settings.Trainer.Threads) = (workers, workers, workers);

        var metricsFile = Path.GetTempFileName();
        using (var writer = new JsonLinesMetricsWriter(metricsFile))
        {
            var progress = new ProgressCounter();
            (settings.Trainer.MetricsWriters, settings.Trainer.Progress) = ([writer], progress);
            using var environment = task.Create();
            var rl = new MLContext(1).Reinforcement();
            var report = rl.Mbpo(environment, settings).Train(rl.Data.Record(environment.WithTimeLimit(settings.Trainer.MaxEpisodeSteps), data, seed: 1));
            using var policy = report.Policy;
            var minibatch = MinibatchTiming.Measure(environment, settings.Trainer, data, report.History[^1]);
            var breakdown = RunTimeBreakdown.Of(report.History, settings.Trainer, run, minibatch);
            breakdown.Print(string.Create(
                CultureInfo.InvariantCulture,
                $"{task.Title}{(fast ? ", Fast" : "")}, k = {run.RolloutLength}, {data:N0} transitions at the start, {workers} threads: seconds per 1000 " +
                    $"environment steps"));
        }

        File.Delete(metricsFile);
    }

    // A refit at every branching, however rare the schedule makes them, and an epoch for each, so that every refit closes with its times; the pool of imagined
    // transitions and the rollouts' length stay those of the run's own epochs.
    private static RealRun MeasureAtRefits(MbpoPreset settings, int data, int steps)
    {
        var trainer = settings.Trainer;
        var (epochLength, interval) = (trainer.EpochLength, trainer.ModelTrainingInterval);
        var epoch = Math.Max(0, data - trainer.ExplorationSteps) / epochLength;
        var length = settings.Rollouts.Schedule.GetLength(new RolloutScheduleContext(epoch, data));
        settings.Rollouts.Schedule = RolloutSchedule.Constant(length);
        settings.Rollouts.RetainEpochs = Math.Max(1, settings.Rollouts.RetainEpochs * epochLength / interval);
        var scheduled = trainer.ModelTrainingSchedule?.GetInterval(new ModelTrainingScheduleContext(data, data)) ?? interval;
        var refitInterval = (scheduled + interval - 1) / interval * interval;
        (trainer.EpochLength, trainer.InitialExplorationSteps, trainer.Steps, trainer.ModelTrainingSchedule) = (interval, 0, interval + steps, null);
        return new RealRun(length, refitInterval, epochLength);
    }
}
