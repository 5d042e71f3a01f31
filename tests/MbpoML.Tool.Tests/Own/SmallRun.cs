using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tool.Tests.Own;

/// <summary>A run of a program of one's own, of a second or two.</summary>
internal static class SmallRun
{
    /// <summary>Where the environments of these tests are for the tool.</summary>
    public static string Assembly => typeof(SmallRun).Assembly.Location;

    public static MbpoPreset Preset(int steps) => new()
    {
        Trainer = new MbpoTrainer.Options
        {
            Steps = steps,
            EpochLength = 50,
            InitialExplorationSteps = 50,
            ModelTrainingInterval = 50,
            UpdatesPerStep = 2,
            BatchSize = 32,
            MaxEpisodeSteps = 25,
            Threads = 1,
        },
        Dynamics = { HiddenSizes = [16, 16], MaxOptimizerSteps = 50 },
        Rollouts = { BatchSize = 100, Schedule = RolloutSchedule.Constant(2) },
        Policy = { HiddenSizes = [16, 16], LearningRate = 1e-3 },
    };

    /// <summary>Trains, and stops after a step where one is named.</summary>
    public static void Train(
        RunFolder folder, IEnvironment environment, int steps = 200, int? stopAfter = null, int seed = 7, Action<MbpoPreset>? change = null)
    {
        using var source = new CancellationTokenSource();
        var preset = Preset(steps);
        (preset.Trainer.Record, preset.Trainer.CancellationToken) = (folder, source.Token);
        preset.Trainer.Checkpoints = new Checkpointing { EverySteps = 50, Keep = 10 };
        preset.Trainer.Progress = new Listener(progress =>
        {
            if (progress.Step >= stopAfter) source.Cancel();
        });
        change?.Invoke(preset);
        var trainer = new MLContext(seed).Reinforcement().Mbpo(environment, preset);
        try
        {
            (folder.CanResume ? trainer.Resume(folder.Checkpoints) : trainer.Train()).Policy.Dispose();
        }
        catch (TrainingCanceledException cancelled) when (stopAfter is not null)
        {
            cancelled.Report!.Policy.Dispose();
        }
    }

    private sealed class Listener(Action<TrainingProgress> listen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => listen(value);
    }
}
