using MbpoML.Components;
using MbpoML.Training.Outcome;
using MbpoML.Training.Presets;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training;

/// <content>Runs that a record keeps.</content>
internal sealed partial class TrainingRuns
{
    // The same run without a record, whose metrics and checkpoints go where the record says.
    private TrainingReport Recorded(IRunRecord record, int seed, string? resumedFrom, Func<TrainingRuns, TrainingReport> train)
    {
        using var recording = record.Begin(Describe(seed, resumedFrom)) ??
            throw new InvalidOperationException($"Begin of {record.GetType().Name} returned null.");
        TrainingReport report;
        try
        {
            var options = RecordedOptions(seed, recording);
            report = train(new TrainingRuns(
                _context, _environment, options, _stages, _create, _name)
            { Advice = Advice, DescribeOptions = DescribeOptions, NeedsModel = NeedsModel });
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

    private TrainingOptions RecordedOptions(int seed, IRunRecording recording)
    {
        var options = _options.Copied();
        (options.Record, options.Seed, options.MetricsWriters) = (null, seed, [.. options.MetricsWriters, .. recording.MetricsWriters]);
        options.Checkpoints ??= new Checkpointing();
        options.Checkpoints.Folder = recording.CheckpointFolder;
        return options;
    }

    private RunDescription Describe(int seed, string? resumedFrom)
    {
        var options = _options.Copied();
        options.Checkpoints ??= new Checkpointing();
        var described = (DescribeOptions ?? DescribeAll)(options);
        return new RunDescription(_environment, seed, resumedFrom, described, TypeOf("dynamics"), TypeOf("policy")) { Trainer = _name };
    }

    private Dictionary<string, string> DescribeAll(TrainingOptions options) =>
        PresetOption.Of(
            [("Trainer", options), .. _stages.Where(stage => stage.Value is IStage).Select(stage => (Title(stage.Key), ((IStage)stage.Value).Options))])
            .ToDictionary(option => option.Path, option => option.Text);

    private static string Title(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private string TypeOf(string stage) => OptionText.Of(_stages.GetValueOrDefault(stage)?.GetType().FullName);

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

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The run was stopped, and its record could not be closed: what is kept of it ends before its last steps.")]
    private static partial void LogUnrecorded(ILogger logger, Exception exception);
}
