using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Imagination;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>A small run with all that a long one does: refits, rollouts, evaluations, overlapped stages, checkpoints and two metrics writers.</summary>
internal static class SoakRun
{
    public const int UpdatesPerStep = 20;

    private const int Steps = 600;

    /// <summary>Begins the run or goes on with it.</summary>
    /// <param name="folder">The folder of its checkpoints and metrics.</param>
    /// <param name="progress">Receives signs of life.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether it came to its end.</returns>
    public static bool Go(string folder, IProgress<TrainingProgress> progress, CancellationToken cancellationToken)
    {
        using var lines = new JsonLinesMetricsWriter(Path.Combine(folder, "metrics.jsonl"));
        using var events = new TensorBoardMetricsWriter(Path.Combine(folder, "events"));
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.Pendulum();
        var checkpoints = Path.Combine(folder, "checkpoints");
        var preset = Preset();
        (preset.Trainer.CancellationToken, preset.Trainer.Progress, preset.Trainer.MetricsWriters) = (cancellationToken, progress, [lines, events]);
        preset.Trainer.Checkpoints = new Checkpointing { Folder = checkpoints, EverySteps = 50, Every = null };
        var trainer = rl.Mbpo(environment, preset);
        try
        {
            using var policy = (Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train()).Policy;
            return true;
        }
        catch (TrainingCanceledException stopped)
        {
            stopped.Report?.Policy.Dispose();
            return false;
        }
    }

    private static MbpoPreset Preset() => new()
    {
        Trainer = new MbpoTrainer.Options
        {
            Steps = Steps,
            EpochLength = 100,
            InitialExplorationSteps = 100,
            ModelTrainingInterval = 50,
            UpdatesPerStep = UpdatesPerStep,
            MaxEpisodeSteps = 200,
            BatchSize = 128,
            Threads = 1,
            Overlap = OverlappedStages.Environment,
        },
        Dynamics = { HiddenSizes = [64, 64], MaxOptimizerSteps = 300 },
        Rollouts = { BatchSize = 5000, Schedule = RolloutSchedule.Linear(0, 4, 1, 3) },
        Policy = { HiddenSizes = [64, 64], LearningRate = 1e-3 },
    };
}
