using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Tool.Display;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Metrics;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MbpoML.Tool.Runs;

/// <summary>Trains the run of a folder: from its newest checkpoint, or from the beginning where there is none.</summary>
internal sealed class TrainingRun(RunFolder folder, IRunDisplay display, TimeProvider clock)
{
    private readonly RunOptions _options = RunOptions.Read(folder.Options);
    private RunReport _report = new() { Status = RunStatus.Running };

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
            $"'{folder.Path}' has taken {report.Steps} steps, but its checkpoints are gone: it cannot go on. Put them back into '{folder.Checkpoints}', or begin another run: mbpo train --options {ShellText.Quoted(folder.Options)} --out FOLDER");
    }

    /// <summary>Trains until the run's last step, a signal, or a fault.</summary>
    /// <returns>The process's exit code.</returns>
    /// <exception cref="ToolException">Another process trains the run.</exception>
    public int Run(CancellationToken cancellationToken)
    {
        using var turn = RunLock.Take(folder);
        CheckGoesOn(folder, _options);
        var resumes = Checkpointing.Exists(folder.Checkpoints);
        if (!resumes) Clear();
        var earlier = RunReport.Read(folder.Report) ?? _report;
        // Until this session ends, it stands as the one before left it; without a checkpoint it begins at nothing.
        _report = (resumes ? earlier : _report) with { Status = RunStatus.Running, Failure = null, Sessions = [.. earlier.Sessions, new RunSession(clock.GetUtcNow(), Machine.This())] };
        _report.Write(folder.Report);
        try
        {
            Close(RunStatus.Finished, Train(resumes, cancellationToken));
            return ExitCodes.Success;
        }
        catch (TrainingCanceledException cancelled)
        {
            Close(RunStatus.Interrupted, cancelled.Report!);
            display.Say(folder.Name, $"Stopped after {cancelled.Report!.Steps} steps. Go on with: {folder.ResumeCommand}");
            return ExitCodes.Interrupted;
        }
        catch (TrainingFailedException failed)
        {
            Close(RunStatus.Failed, failed.Report!, failed.Message);
            display.Warn(folder.Name, $"{failed.Message} Once the cause is gone, go on with: {folder.ResumeCommand}");
            return ExitCodes.Failed;
        }
        catch (Exception exception)
        {
            (_report with { Status = RunStatus.Failed, Failure = exception.Message }).Write(folder.Report);
            throw;
        }
    }

    private TrainingReport Train(bool resumes, CancellationToken cancellationToken)
    {
        using var environment = _options.Task.Create();
        using var lines = new JsonLinesMetricsWriter(folder.Metrics, clock);
        using var events = new TensorBoardMetricsWriter(folder.Events);
        var settings = _options.Settings;
        settings.Trainer.Seed = _options.Seed;
        settings.Trainer.MetricsWriters = [lines, events];
        settings.Trainer.CancellationToken = cancellationToken;
        settings.Trainer.Progress = new Listener(progress => display.Report(folder.Name, progress));
        settings.Trainer.Checkpoints!.Folder = folder.Checkpoints;
        var mlContext = new MLContext(_options.Seed);
        mlContext.Log += (_, line) =>
        {
            if (line.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error) display.Warn(folder.Name, line.RawMessage);
        };
        var trainer = mlContext.Reinforcement().Mbpo(environment, settings);
        return resumes ? trainer.Resume(folder.Checkpoints) : trainer.Train();
    }

    private void Close(RunStatus status, TrainingReport report, string? failure = null)
    {
        using var policy = report.Policy;
        Save(policy);
        _report = _report with
        {
            Status = status,
            Steps = report.Steps,
            WallClockSeconds = report.Elapsed.TotalSeconds,
            LastReturn = report.History.Select(epoch => epoch.EvaluationReturn).LastOrDefault(value => value is not null),
            Failure = failure,
            Sessions = [.. _report.Sessions.SkipLast(1), _report.Sessions[^1] with { Ended = clock.GetUtcNow() }],
        };
        _report.Write(folder.Report);
    }

    private void Save(PolicyTransformer policy) => AtomicFile.Write(folder.Policy, stream => new MLContext().Model.Save(policy, policy.InputSchema, stream));

    // What a session left behind that was killed before its first checkpoint. Each begins with its report: without one, what is there is somebody else's.
    private void Clear()
    {
        if (!File.Exists(folder.Report))
        {
            if (folder.Written is { } foreign) throw new UsageException($"'{folder.Path}' has never been trained, but '{foreign}' is there, which the run would write over. Move it away.");
            return;
        }

        File.Delete(folder.Metrics);
        foreach (var file in Directory.Exists(folder.Events) ? Directory.GetFiles(folder.Events, RunFolder.EventFiles) : []) File.Delete(file);
    }

    // Progress<T> would report on other threads, out of order.
    private sealed class Listener(Action<TrainingProgress> listen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => listen(value);
    }
}
