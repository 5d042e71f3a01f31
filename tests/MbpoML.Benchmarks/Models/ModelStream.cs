using System.Text.Json;
using MbpoML.Algorithms.DoubleHorizon.Presets;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Dynamics.Metrics;
using MbpoML.Experiments;
using MbpoML.Mujoco;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using TorchSharp;

namespace MbpoML.Benchmarks.Models;

/// <summary>The transitions of a run in the order in which it met them, to which models are fitted at the steps at which it fitted its own.</summary>
internal sealed class ModelStream : IDisposable
{
    private const double HoldoutRatio = 0.1;

    private readonly MujocoTask _task;
    private readonly TransitionLayout _layout;
    private readonly torch.Tensor _rows;

    private ModelStream(MujocoTask task, TransitionLayout layout, torch.Tensor rows) => (_task, _layout, _rows) = (task, layout, rows);

    /// <summary>Reads them from the newest checkpoint of a run.</summary>
    /// <exception cref="RunDataException">The run has no checkpoint.</exception>
    public static ModelStream Open(RunFolder run, int steps)
    {
        using var options = JsonDocument.Parse(File.ReadAllBytes(run.Options));
        var task = MujocoTasks.Named(options.RootElement.GetProperty("task").GetString()!);
        if (Checkpointing.Files(run.Checkpoints) is not [var newest, ..]) throw new RunDataException($"'{run.Path}' has no checkpoint; let the run write one.");
        var layout = new TransitionLayout(task.ObservationSize, task.ActionSize);
        using var reader = new CheckpointReader(newest);
        using var pool = new ReplayPool(layout, 1);
        pool.Restore(new PrefixedStateReader(reader, "transitions/"), keepsCapacity: false);
        using var all = pool.ToRows();
        return new ModelStream(task, layout, all.narrow(0, 0, Math.Min(steps, all.size(0))).clone());
    }

    /// <summary>Fits a model again and again.</summary>
    /// <param name="variant">Its settings beside those of the task's preset.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public StreamErrors Fit(string variant, int seed, CancellationToken cancellationToken)
    {
        var settings = _task.CreatePreset(PresetSource.Official).DoubleHorizon();
        foreach (var assignment in variant.Split(' ', StringSplitOptions.RemoveEmptyEntries)) settings.Set(assignment);
        var (dynamics, interval) = (settings.Dynamics, settings.Trainer.ModelTrainingInterval);
        // The preset holds nothing out, as fits of a fixed length have no use for it.
        dynamics.HoldoutRatio = HoldoutRatio;
        using var learner = new HomoscedasticLearner(_layout, dynamics, seed);
        var (fits, learned) = (new List<StreamFit>(), 0L);
        for (var step = settings.Trainer.InitialExplorationSteps!.Value; step <= _rows.size(0); step += interval)
        {
            using var rows = _rows.narrow(0, 0, step);
            var metrics = learner.Fit(rows, cancellationToken);
            if (metrics.TryGetValue(DynamicsMetricNames.NewRowsLoss, out var error))
                fits.Add(new(step, error, metrics[DynamicsMetricNames.HoldoutLoss], metrics[DynamicsMetricNames.HoldoutNegativeLogLikelihood]));
            learned += (long)metrics[DynamicsMetricNames.OptimizerSteps] * dynamics.BatchSize * dynamics.MemberCount;
        }

        return new StreamErrors(fits, learned);
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();
}
