using System.Globalization;
using MbpoML.Environments;
using MbpoML.Rollouts;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using Microsoft.ML;

namespace MbpoML.Benchmarks;

/// <summary>Trains for a while on top of logged transitions, so that a run's late stretch is measured without its beginning.</summary>
/// <remarks>
/// The first fit starts from fresh weights and takes far longer than those that go on from the fit before; it and the steps until the next refit warm up and are not
/// counted. Metrics files and progress reports are on, as in a real run.
/// </remarks>
internal static class RunTimeExperiment
{
    public static void Run(TaskSize task, int data, int steps, int workers, string[] overrides)
    {
        var settings = task.Settings();
        foreach (var assignment in overrides) PresetOverride.Apply(settings, assignment);
        var epochLength = settings.Trainer.EpochLength;
        var length = MeasureAtRefits(settings, data, steps);
        settings.Policy.Workers = workers;
        settings.Trainer.Threads = workers;

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
            var breakdown = RunTimeBreakdown.Of(report.History, settings.Trainer, epochLength, minibatch);
            breakdown.Print(string.Create(
                CultureInfo.InvariantCulture, $"{task.Title}, k = {length}, {data:N0} transitions at the start, {workers} threads: seconds per 1000 environment steps"));
        }

        File.Delete(metricsFile);
    }

    // An epoch for each refit, so that every refit closes with its times; the pool of imagined transitions and the rollouts' length stay those of the run's own epochs.
    private static int MeasureAtRefits(MbpoPreset settings, int data, int steps)
    {
        var trainer = settings.Trainer;
        var (epochLength, interval) = (trainer.EpochLength, trainer.ModelTrainingInterval);
        var epoch = Math.Max(0, data - trainer.ExplorationSteps) / epochLength;
        var length = settings.Rollouts.Schedule.GetLength(new RolloutScheduleContext(epoch, data));
        settings.Rollouts.Schedule = RolloutSchedule.Constant(length);
        settings.Rollouts.RetainEpochs = Math.Max(1, settings.Rollouts.RetainEpochs * epochLength / interval);
        (trainer.EpochLength, trainer.InitialExplorationSteps, trainer.Steps) = (interval, 0, interval + steps);
        return length;
    }
}
