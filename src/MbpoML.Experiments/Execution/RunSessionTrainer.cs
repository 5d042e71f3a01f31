using MbpoML.Environments;
using MbpoML.Experiments.Evaluations;
using MbpoML.Experiments.Tasks;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MbpoML.Experiments.Execution;

/// <summary>Trains the run of a folder on the calling thread: from its newest checkpoint, or from the beginning where there is none.</summary>
/// <param name="run">The run.</param>
/// <param name="tasks">The tasks that it may name.</param>
/// <param name="events">Is told what happens; null for nobody.</param>
/// <param name="clock">Gives the times in its records.</param>
/// <param name="create">Makes its environments.</param>
internal sealed class RunSessionTrainer(
    TakenRun run, TaskCatalog tasks, IProgress<RunEvent>? events, TimeProvider clock, Func<TrainingTask, IEnvironment> create)
{
    /// <summary>Trains until the run's last step, a signal, or a fault.</summary>
    /// <param name="cancellationToken">Stops the run, with a checkpoint.</param>
    /// <returns>How the run stands.</returns>
    public RunOutcome Run(CancellationToken cancellationToken)
    {
        var folder = run.Folder;
        // Under the lock: another process may have changed them until now.
        var options = RunOptions.Open(folder.Options, tasks);
        options.CheckGoesOn(folder);
        var resumes = Checkpointing.Exists(folder.Checkpoints);
        using var recording = new RunRecording(folder, run.Turn, resumes, clock);
        if (recording.Moved is { } moved) events?.Report(new RunWarned(folder.Path, moved));
        return Run(recording, options, resumes, cancellationToken);
    }

    private RunOutcome Run(RunRecording recording, RunOptions options, bool resumes, CancellationToken cancellationToken)
    {
        try
        {
            End(recording, Train(recording, options, resumes, cancellationToken), null);
        }
        catch (TrainingCanceledException cancelled)
        {
            End(recording, cancelled.Report, cancelled);
        }
        catch (TrainingFailedException failed)
        {
            End(recording, failed.Report, failed);
        }
        catch (Exception exception)
        {
            recording.End(null, exception);
            throw;
        }

        return RunOutcome.Of(run.Folder);
    }

    private TrainingReport Train(RunRecording recording, RunOptions options, bool resumes, CancellationToken cancellationToken)
    {
        var settings = options.Settings;
        using var environments = new RunEnvironmentSet(options.Task, settings.TrainerOptions.EnvironmentsAtOnce, create);
        var environment = environments.All[0];
        settings.TrainerOptions.MoreEnvironments = [.. environments.All.Skip(1)];
        settings.TrainerOptions.Seed = options.Seed;
        settings.TrainerOptions.MetricsWriters = recording.MetricsWriters;
        settings.TrainerOptions.CancellationToken = cancellationToken;
        settings.TrainerOptions.Progress = new Listener(Tell);
        settings.TrainerOptions.Checkpoints!.Folder = run.Folder.Checkpoints;
        var mlContext = new MLContext(options.Seed);
        mlContext.Log += (_, line) =>
        {
            if (line.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error) events?.Report(new RunWarned(run.Folder.Path, line.RawMessage));
        };
        var rl = mlContext.Reinforcement();
        var trainer = Algorithm.CreateTrainer(rl, environment, settings);
        if (resumes) return trainer.Resume(run.Folder.Checkpoints);
        if (options.Logged is not { } file) return trainer.Train();
        var log = LogFile.Read(file, environment.ObservationSpace.Size, environment.ActionSpace.Size);
        return trainer.Train(rl.Data.FromTransitions(log.ToTransitions()));
    }

    private void Tell(TrainingProgress progress) =>
        events?.Report(progress.EpochMetrics is null ? new RunProgressed(run.Folder.Path, progress) : new RunEpochEnded(run.Folder.Path, progress));

    private static void End(RunRecording recording, TrainingReport? report, Exception? exception)
    {
        using var policy = report?.Policy;
        recording.End(report, exception);
    }

    // Progress<T> would report on other threads, out of order.
    private sealed class Listener(Action<TrainingProgress> listen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => listen(value);
    }
}
