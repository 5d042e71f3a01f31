using MbpoML.Dynamics;
using MbpoML.Policies;
using MbpoML.Training.Logging;
using MbpoML.Training.PresetText;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training;

/// <content>Runs that a record keeps.</content>
public sealed partial class MbpoTrainer
{
    // The same run without a record, whose metrics and checkpoints go where the record says.
    private TrainingReport Recorded(IRunRecord record, int seed, string? resumedFrom, Func<MbpoTrainer, TrainingReport> train)
    {
        using var recording = record.Begin(Describe(seed, resumedFrom)) ?? throw new InvalidOperationException($"Begin of {record.GetType().Name} returned null.");
        TrainingReport report;
        try
        {
            report = train(new MbpoTrainer(_context, _environment, RecordedOptions(seed, recording), _dynamics, _rollouts, _policy));
        }
        catch (Exception exception)
        {
            EndQuietly(recording, exception);
            throw;
        }

        try
        {
            recording.End(report, null);
        }
        catch (Exception exception)
        {
            // The policy must not be lost with the disk that could not take it.
            throw new TrainingFailedException(report.Steps, report, null, exception);
        }

        return report;
    }

    private Options RecordedOptions(int seed, IRunRecording recording)
    {
        var options = _options.Copy();
        (options.Record, options.Seed, options.MetricsWriters) = (null, seed, [.. options.MetricsWriters, .. recording.MetricsWriters]);
        options.Checkpoints ??= new Checkpointing();
        options.Checkpoints.Folder = recording.CheckpointFolder;
        return options;
    }

    private RunDescription Describe(int seed, string? resumedFrom)
    {
        var (ensemble, sac) = ((_dynamics as IStage)?.Options as ProbabilisticEnsembleTrainer.Options, (_policy as IStage)?.Options as SoftActorCriticTrainer.Options);
        var trainer = _options.Copy();
        trainer.Checkpoints ??= new Checkpointing();
        var preset = new MbpoPreset { Trainer = trainer, Dynamics = ensemble ?? new(), Rollouts = _rollouts.Settings, Policy = sac ?? new() };
        var options = PresetOption.Of(preset).Where(option => (ensemble is not null || option.Owner != preset.Dynamics) && (sac is not null || option.Owner != preset.Policy));
        return new RunDescription(
            _environment, seed, resumedFrom, options.ToDictionary(option => option.Path, option => option.Text), OptionText.Of(_dynamics.GetType().FullName), OptionText.Of(_policy.GetType().FullName));
    }

    // What stopped the run is thrown and says more than what its record says of it.
    private void EndQuietly(IRunRecording recording, Exception exception)
    {
        var report = exception switch
        {
            TrainingFailedException failed => failed.Report,
            TrainingCanceledException cancelled => cancelled.Report,
            _ => null,
        };
        try
        {
            recording.End(report, exception);
        }
        catch (Exception second)
        {
            LogUnrecorded(_context.CreateLogger("MbpoML.Training"), second);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The run was stopped, and its record could not be closed: what is kept of it ends before its last steps.")]
    private static partial void LogUnrecorded(ILogger logger, Exception exception);
}
