using System.Diagnostics;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Benchmarks.EndToEnd;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Imagination;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>
/// Writes and reads checkpoints as large as they get in a run of Hopper's size: 125,000 real transitions, and the imagined ones of an epoch of rollouts of 15
/// steps.
/// </summary>
internal static class CheckpointCost
{
    private const long RowsAtOnce = 100_000;

    public static void Run(string folder, int repeats)
    {
        Machine.Print();
        var checkpoints = new CheckpointFolder(Path.Combine(folder, $"mbpoml-checkpoint-cost-{Environment.ProcessId}"), keep: 2);
        try
        {
            Measure(TaskSize.Named("hopper"), checkpoints, repeats);
        }
        finally
        {
            Directory.Delete(checkpoints.FullPath, recursive: true);
        }
    }

    private static void Measure(TaskSize task, CheckpointFolder checkpoints, int repeats)
    {
        var options = task.Settings().Trainer;
        using var parts = Create(task);
        ISaved[] saved = [TrainingHost.PartOf(parts.RealPool), .. parts.Saved];
        using var generator = new Generator(1);
        Fill(parts.RealPool, options.Steps, generator);
        Fill(parts.ModelPool, parts.ModelPool.Capacity, generator);

        var (writing, reading) = (new double[repeats], new double[repeats]);
        var file = "";
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            writing[repeat] = Seconds(() => file = checkpoints.Write(options.Steps + repeat, saved.Save));
            reading[repeat] = Seconds(() =>
            {
                using var reader = new CheckpointReader(file);
                saved.Restore(reader);
                saved.Restored(reader);
            });
        }

        var table = new MarkdownTable(
            "real transitions", "imagined transitions", "file (MB)", "write (s)", "slowest write (s)", "read (s)", "share of the interval");
        var (write, interval) = (Median(writing), new Checkpointing().Every!.Value);
        table.Add(
            MarkdownTable.Number(parts.RealPool.Count), MarkdownTable.Number(parts.ModelPool.Count), MarkdownTable.Number(new FileInfo(file).Length / 1e6),
            MarkdownTable.Number(write),
            MarkdownTable.Number(writing.Max()), MarkdownTable.Number(Median(reading)),
            FormattableString.Invariant($"{100 * write / interval.TotalSeconds:F2} %"));
        table.Print(FormattableString.Invariant($"{task.Title}: one checkpoint every {interval.TotalMinutes} minutes, medians of {repeats}"));
    }

    private static MbpoParts Create(TaskSize task)
    {
        var preset = task.Settings();
        using var environment = task.Create();
        var rl = new MLContext(1).Reinforcement();
        var layout = new TransitionLayout(environment.ObservationSpace.Size, environment.ActionSpace.Size);
        var settings = preset.Trainer.ToMbpoSettings(preset.Rollouts, isSaved: true);
        var setup = new AlgorithmSetup(environment, preset.Trainer, seed: 1, isSaved: true);
        var parts = new MbpoParts(
            setup, settings, rl.Policies.SoftActorCritic(preset.Policy).CreateLearner(layout, environment.ActionSpace, 1),
            rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics).CreateLearner(layout, 1));
        var longest = preset.Rollouts.Schedule.GetLength(new RolloutScheduleContext(preset.Trainer.Steps / preset.Trainer.EpochLength, preset.Trainer.Steps));
        parts.ModelPool.Resize(preset.Rollouts.PoolCapacity(longest, preset.Trainer.EpochLength, preset.Trainer.ModelTrainingInterval));
        return parts;
    }

    private static void Fill(ReplayPool pool, long rows, Generator generator)
    {
        while (pool.Count < rows)
        {
            using var values = randn(Math.Min(RowsAtOnce, rows - pool.Count), pool.Layout.Width, generator: generator);
            pool.Append(values);
        }
    }

    private static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
