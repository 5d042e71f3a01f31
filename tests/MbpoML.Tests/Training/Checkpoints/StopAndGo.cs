using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Catalog;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Training.Checkpoints;

/// <summary>A small run that is stopped again and again, each time in a new trainer as in a new process, and what its last checkpoint says.</summary>
internal sealed class StopAndGo(string folder, Action<MbpoPreset>? change = null, Func<EnvironmentCatalog, IEnvironment>? task = null) : IDisposable
{
    private int _ticks;
    private int _stopAt = int.MaxValue;
    private int _milliseconds;
    private CancellationTokenSource _source = new();

    /// <summary>Steps of the environment, imagined steps and reports of progress so far in the run that goes on.</summary>
    public int Ticks => _ticks;

    /// <summary>Trains to the end without a stop.</summary>
    public TrainingReport RunThrough() => Go(int.MaxValue, 0)!;

    /// <summary>Begins or goes on, and stops some milliseconds after the given number of ticks.</summary>
    /// <returns>The report, or null when the run was stopped before its end.</returns>
    public TrainingReport? Go(int ticks, int milliseconds)
    {
        (_ticks, _stopAt, _milliseconds) = (0, ticks, milliseconds);
        using var source = _source = new CancellationTokenSource();
        var tasks = new MLContext(1).Reinforcement().Environments;
        using var environment = new Ticking(task?.Invoke(tasks) ?? tasks.CartPoleContinuous(), Tick);
        var preset = Preset();
        change?.Invoke(preset);
        preset.Trainer.CancellationToken = source.Token;
        preset.Trainer.Progress = new Reports(Tick);
        preset.Trainer.Termination = TerminationFunction.FromTensors((observation, action, next) =>
        {
            Tick();
            return environment.Termination!.Evaluate(observation, action, next);
        });
        preset.Trainer.Checkpoints = new Checkpointing { Folder = folder, Every = null };
        var trainer = new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset);
        try
        {
            return Checkpointing.Exists(folder) ? trainer.Resume(folder) : trainer.Train();
        }
        catch (TrainingCanceledException)
        {
            return null;
        }
    }

    /// <summary>Every metric of every epoch that is no time.</summary>
    public static string[] Metrics(TrainingReport report) =>
        [
            .. report.History.SelectMany(epoch => epoch.Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal))
                .Select(metric => $"{epoch.Epoch}, {epoch.Step}: {metric.Key} = {metric.Value:R}"))];

    public void Dispose() => _source.Dispose();

    private static MbpoPreset Preset() => new()
    {
        Trainer = new MbpoTrainer.Options
        {
            Steps = 130,
            EpochLength = 40,
            InitialExplorationSteps = 30,
            ExplorationActionHold = 3,
            ModelTrainingInterval = 20,
            UpdatesPerStep = 3,
            MaxEpisodeSteps = 25,
            // Enough to be stopped in, and few enough that the stops fall everywhere else as well.
            ModelReturnSteps = 10,
            BatchSize = 16,
            Threads = 1,
        },
        Dynamics = { HiddenSizes = [16, 16], MaxOptimizerSteps = 60, BatchSize = 32 },
        // The pool of imagined transitions is full before the end, so that new rows push out old ones.
        Rollouts = { BatchSize = 60, Schedule = RolloutSchedule.Linear(0, 2, 1, 3) },
        Policy = { HiddenSizes = [16, 16], LearningRate = 1e-3 },
    };

    private void Tick()
    {
        if (Interlocked.Increment(ref _ticks) != _stopAt) return;
        if (_milliseconds == 0) _source.Cancel();
        else _source.CancelAfter(_milliseconds);
    }

    private sealed class Reports(Action tick) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tick();
    }

    private sealed class Ticking(IEnvironment inner, Action tick) : EnvironmentWrapper(inner)
    {
        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            tick();
            return Inner.Step(action, observation);
        }
    }
}
