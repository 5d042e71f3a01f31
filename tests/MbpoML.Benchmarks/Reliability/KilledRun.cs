using System.Globalization;
using MbpoML.Algorithms;
using MbpoML.Algorithms.DoubleHorizon.Presets;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.MeTrpo.Presets;
using MbpoML.Algorithms.Pets.Presets;
using MbpoML.Algorithms.PlaNet;
using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Algorithms.Ppo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Mujoco;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using MbpoML.Training.Presets;
using MbpoML.Training.Watches;
using Microsoft.ML;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>A small run with many checkpoints, in a process that may be killed: begun, or gone on with where there is a checkpoint.</summary>
internal static class KilledRun
{
    /// <summary>The exit code of a run that was stopped by a signal and wrote its last checkpoint.</summary>
    public const int Stopped = 3;

    private const int StepsBetweenCheckpoints = 5;

    /// <summary>
    /// Trains to the end and prints all that the run came to but its times: metrics, actions of the policy, and the content of the last checkpoint.
    /// </summary>
    /// <returns>The exit code of the process.</returns>
    public static int Run(string folder, int steps, OverlappedStages overlap, string task, string algorithm)
    {
        using var signals = new TerminationSignals();
        var rl = new MLContext(seed: 1).Reinforcement();
        using IEnvironment environment = task switch
        {
            KilledRunCommand.UsualTask => rl.Environments.CartPoleContinuous(),
            KilledRunCommand.PixelTask => rl.Environments.Line().WithPixels(16, 16),
            _ => rl.Environments.Mujoco(task),
        };
        AlgorithmPreset preset = task == KilledRunCommand.PixelTask ? OfPixels(steps) : Preset(steps, algorithm);
        var options = preset.TrainerOptions;
        options.Overlap = overlap;
        options.CancellationToken = signals.Token;
        options.Progress = new Phases();
        options.Checkpoints = new Checkpointing { Folder = folder, EverySteps = StepsBetweenCheckpoints, Every = null };
        IPolicyTrainer trainer = preset switch
        {
            DoubleHorizonPreset doubleHorizon => rl.DoubleHorizonMbpo(environment, doubleHorizon),
            MeTrpoPreset meTrpo => rl.MeTrpo(environment, meTrpo),
            PlaNetPreset planet => rl.PlaNet(environment, planet),
            PpoPreset ppo => rl.Ppo(environment, ppo),
            PetsPreset pets => rl.Pets(environment, pets),
            _ => rl.Mbpo(environment, (MbpoPreset)preset),
        };
        try
        {
            var report = Checkpointing.Exists(folder) ? trainer.Resume(folder) : trainer.Train();
            using var policy = report.Policy;
            Print(report, policy, folder);
            return 0;
        }
        catch (TrainingCanceledException stopped)
        {
            stopped.Report?.Policy.Dispose();
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Stopped after {stopped.Report?.Steps} steps."));
            return Stopped;
        }
        catch (Exception exception) when (exception is CheckpointException or TrainingFailedException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    private static AlgorithmPreset Preset(int steps, string algorithm)
    {
        var mbpo = Mbpo(steps);
        if (algorithm == KilledRunCommand.UsualAlgorithm) return mbpo;
        if (algorithm == KilledRunCommand.DoubleHorizon) return DoubleHorizon(mbpo);
        if (algorithm == "ppo")
        {
            var ppo = mbpo.Ppo();
            (ppo.Trainer.StepsPerUpdate, ppo.Policy.HiddenSizes, ppo.Policy.BatchSize) = (20, [16], 10);
            return ppo;
        }

        if (algorithm == "pets")
        {
            var pets = mbpo.Pets();
            (pets.Trainer.InitialExplorationSteps, pets.Dynamics.MaxEpochs, pets.Dynamics.MaxOptimizerSteps) = (30, 5, 30);
            (pets.Planner.Horizon, pets.ImprovedCrossEntropy.Candidates, pets.ImprovedCrossEntropy.Elites) = (5, 20, 4);
            return pets;
        }

        var meTrpo = mbpo.MeTrpo();
        (meTrpo.Trainer.MaxPolicyIterations, meTrpo.Trainer.ValidationEpisodes, meTrpo.Dynamics.RestartInterval) = (30, 10, 2);
        (meTrpo.Policy.EpisodesPerUpdate, meTrpo.Policy.EpisodeSteps, meTrpo.Rollouts.StartCount) = (20, 15, 50);
        return meTrpo;
    }

    // With all that a double-horizon run may have to remember: a gate, scales that wait, an averaged actor, and moments that go on.
    private static DoubleHorizonPreset DoubleHorizon(MbpoPreset mbpo)
    {
        var preset = mbpo.DoubleHorizon();
        (preset.Dynamics.FirstOptimizerSteps, preset.Dynamics.OptimizerSteps, preset.Trainer.UpdatesPerStep) = (60, 30, 2);
        (preset.Rollouts.BatchSize, preset.Rollouts.Capacity, preset.Rollouts.Rule) = (64, 500, RolloutRule.BhattacharyyaGate());
        return preset;
    }

    private static MbpoPreset Mbpo(int steps) => new()
    {
        Trainer = new MbpoTrainer.Options
        {
            Steps = steps,
            EpochLength = 50,
            InitialExplorationSteps = 30,
            ModelTrainingInterval = 25,
            UpdatesPerStep = 10,
            MaxEpisodeSteps = 60,
            BatchSize = 64,
            Threads = 1,
        },
        Dynamics = { HiddenSizes = [32, 32], MaxOptimizerSteps = 150 },
        // The pool of imagined transitions is full before the end, so that new rows push out old ones.
        Rollouts = { BatchSize = 2000, Schedule = RolloutSchedule.Linear(0, 4, 1, 5) },
        Policy = { HiddenSizes = [32, 32], LearningRate = 1e-3 },
    };

    private static PlaNetPreset OfPixels(int steps) => new()
    {
        Trainer = new PlaNetTrainer.Options { Steps = steps, EpochLength = 30, SeedEpisodes = 1, UpdatesPerFit = 20, Threads = 1 },
        Dynamics =
        {
            DeterministicSize = 16, StochasticSize = 4, HiddenSize = 16, FirstFilters = 4, RewardHiddenSizes = [16], BatchSize = 8, ChunkLength = 10,
        },
        Planner = { Horizon = 5 },
        CrossEntropy = { Candidates = 20, Elites = 4, Iterations = 3 },
    };

    private static void Print(TrainingReport report, PolicyTransformer policy, string folder)
    {
        foreach (var epoch in report.History)
            foreach (var (name, value) in epoch.Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal)))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch}, step {epoch.Step}: {name} = {value:R}"));
        for (var angle = -10; angle <= 10; angle++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"action at {angle}: {policy.Act(Seen(policy.ObservationSize, angle))[0]:R}"));
        foreach (var (name, value) in CheckpointContent.Of(folder)) Console.WriteLine($"{name}: {value}");
    }

    // Of a picture a gray one.
    private static float[] Seen(int size, int angle) =>
        size == 4 ? [0, 0, angle / 50f, 0] : [.. Enumerable.Repeat(100f + angle, size)];

    /// <summary>Says on the error stream what the run is about to do, so that whoever kills it knows where it was.</summary>
    private sealed class Phases : IProgress<TrainingProgress>
    {
        private TrainingPhase? _last;

        public void Report(TrainingProgress value)
        {
            if (value.Phase == _last) return;
            _last = value.Phase;
            Console.Error.WriteLine(value.Phase);
        }
    }
}
