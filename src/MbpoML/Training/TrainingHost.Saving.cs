using MbpoML.Saving;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training;

/// <content>What a run leaves behind when it stops, and how it goes on from there.</content>
internal sealed partial class TrainingHost
{
    private void Save(CheckpointWriter writer)
    {
        writer.Add("run/settings", _identity.Settings);
        writer.Add("run/seed", _identity.Seed);
        _parts.Save(writer);
    }

    // Nobody can end the threads of a run that was not made.
    private void RestoreOrDispose(CheckpointReader reader)
    {
        try
        {
            _parts.Restore(reader);
            _parts.Restored(reader);
            Check(reader);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void Check(CheckpointReader reader)
    {
        // Several environments explore at once.
        var isMiddle = _cursor.IsBegun || (_interaction.IsUnderWay && _settings.MoreEnvironments.Count == 0);
        if (_counters.Step < _counters.FirstPolicyStep && isMiddle)
            throw reader.Damaged("it is in the middle of a step of the exploration");
        if (_algorithm is { UsesModel: true, Model: null } && (_counters.Step > _counters.FirstPolicyStep || _cursor.Done > 0))
            throw reader.Damaged("its dynamics model was never fitted");
        if (_interaction.WasCut) LogResumedInNewEpisode(_logger, reader.FilePath, _counters.Step);
        else LogResumed(_logger, reader.FilePath, _counters.Step);
    }

    // The run is over, and what ended it must not be hidden: not by a learner that cannot give its policy any more,
    private TrainingReport? TryReport()
    {
        try
        {
            return _recorder.Report();
        }
        catch (Exception exception)
        {
            LogNoReport(_logger, exception.Message);
            return null;
        }
    }

    // and not by a disk that is full.
    private CheckpointException? TryWriteCheckpoint()
    {
        try
        {
            _checkpoints?.Write(_counters.Step);
            return null;
        }
        catch (CheckpointException exception)
        {
            LogNoLastCheckpoint(_logger, exception.Message);
            return exception;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Resumed from '{File}' after {Step} steps.")]
    private static partial void LogResumed(ILogger logger, string file, int step);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Resumed from '{File}' after {Step} steps, with a new episode: the environment cannot be put back into the one that was running, which " +
            "ends there (it does not implement IStatefulEnvironment, or gave no state when the run was stopped).")]
    private static partial void LogResumedInNewEpisode(ILogger logger, string file, int step);

    [LoggerMessage(Level = LogLevel.Error, Message = "The learner gives no policy: {Reason}")]
    private static partial void LogNoReport(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private static partial void LogNoLastCheckpoint(ILogger logger, string reason);
}
