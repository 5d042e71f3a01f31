using MbpoML.Tool.Display;
using MbpoML.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MbpoML.Tool.Runs;

/// <summary>Trains the run of a folder: from its newest checkpoint, or from the beginning where there is none.</summary>
internal sealed class TrainingRun(RunFolder folder, IRunDisplay display, TimeProvider clock)
{
    /// <summary>Makes a trainer as the run would, so that settings that cannot be used are found before anything is written.</summary>
    /// <exception cref="UsageException">A setting cannot be used.</exception>
    public static void Check(RunOptions options)
    {
        try
        {
            using var environment = options.Task.Create();
            var settings = options.WithSeed(options.Seed).Settings;
            settings.Trainer.Checkpoints!.Folder = ".";
            new MLContext(options.Seed).Reinforcement().Mbpo(environment, settings).CheckBeginning();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(ExceptionText.Of(exception));
        }
    }

    /// <summary>Finds out whether a run can begin or go on without a loss of what it learned.</summary>
    /// <exception cref="UsageException">It ended with a checkpoint, but has none any more; to begin anew would write over its metrics and its policy.</exception>
    public static void CheckGoesOn(RunFolder folder, RunOptions options)
    {
        if (Checkpointing.Exists(folder.Checkpoints) || RunReport.Read(folder.Report) is not { Status: RunStatus.Finished or RunStatus.Interrupted } report) return;
        if (report.Status == RunStatus.Finished && report.Steps >= options.Settings.Trainer.Steps) return;
        throw new UsageException(
            Invariant($"'{folder.Path}' has taken {report.Steps} steps, but its checkpoints are gone: it cannot go on. Put them back into '{folder.Checkpoints}', or begin another run: mbpo train --options {ShellText.Quoted(folder.Options)} --out FOLDER"));
    }

    /// <summary>Trains until the run's last step, a signal, or a fault.</summary>
    /// <param name="turn">The run's lock, freed when the session is over.</param>
    /// <param name="cancellationToken">Stops the run, with a checkpoint.</param>
    /// <returns>The process's exit code.</returns>
    public int Run(RunLock turn, CancellationToken cancellationToken)
    {
        using (turn)
        {
            // Under the lock: another command may have changed them until now.
            var options = RunOptions.Open(folder.Options);
            CheckGoesOn(folder, options);
            var resumes = Checkpointing.Exists(folder.Checkpoints);
            using var recording = new RunRecording(folder, turn, resumes, clock);
            return Run(recording, options, resumes, cancellationToken);
        }
    }

    private int Run(RunRecording recording, RunOptions options, bool resumes, CancellationToken cancellationToken)
    {
        try
        {
            End(recording, Train(recording, options, resumes, cancellationToken), null);
            return ExitCodes.Success;
        }
        catch (TrainingCanceledException cancelled)
        {
            End(recording, cancelled.Report, cancelled);
            display.Say(folder.Name, Invariant($"Stopped after {cancelled.Report?.Steps} steps. Go on with: {folder.ResumeCommand}"));
            return ExitCodes.Interrupted;
        }
        catch (TrainingFailedException failed)
        {
            End(recording, failed.Report, failed);
            display.Warn(folder.Name, $"{failed.Message} Once the cause is gone, go on with: {folder.ResumeCommand}");
            return ExitCodes.Failed;
        }
        catch (Exception exception)
        {
            recording.End(null, exception);
            throw;
        }
    }

    private TrainingReport Train(RunRecording recording, RunOptions options, bool resumes, CancellationToken cancellationToken)
    {
        using var environment = options.Task.Create();
        var settings = options.Settings;
        settings.Trainer.Seed = options.Seed;
        settings.Trainer.MetricsWriters = recording.MetricsWriters;
        settings.Trainer.CancellationToken = cancellationToken;
        settings.Trainer.Progress = new Listener(progress => display.Report(folder.Name, progress));
        settings.Trainer.Checkpoints!.Folder = folder.Checkpoints;
        var mlContext = new MLContext(options.Seed);
        mlContext.Log += (_, line) =>
        {
            if (line.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error) display.Warn(folder.Name, line.RawMessage);
        };
        var trainer = mlContext.Reinforcement().Mbpo(environment, settings);
        return resumes ? trainer.Resume(folder.Checkpoints) : trainer.Train();
    }

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
