using MbpoML.Training.Checkpoints;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training;

/// <content>What a run leaves behind when it stops, and how it goes on from there.</content>
internal sealed partial class MbpoLoop
{
    private void Save(CheckpointWriter writer)
    {
        writer.Add("run/settings", _settings);
        writer.Add("run/seed", _seed);
        // First what waits for stages beside the run, and takes back what they had begun.
        _fitting.Save(writer);
        _interaction.Save(writer);
        _recorder.Save(writer);
        _trust?.Save(writer);
        _watch.Save(writer);
        _state.Save(writer);
    }

    // Nobody can end the threads of a loop that was not made.
    private void RestoreOrDispose(CheckpointReader reader)
    {
        try
        {
            Restore(reader);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void Restore(CheckpointReader reader)
    {
        var isWhole = _interaction.Restore(reader);
        _recorder.Restore(reader);
        _fitting.Restore(reader);
        _trust?.Restore(reader);
        _watch.Restore(reader);
        if (_state.UpdatesLeft > _options.UpdatesPerStep)
            throw reader.Damaged(Invariant($"{_state.UpdatesLeft} updates of a step are left, but a step has {_options.UpdatesPerStep}"));
        if (_state.Step < _state.FirstPolicyStep && (_interaction.IsUnderWay || _state.Position != StepPosition.Begun)) throw reader.Damaged("it is in the middle of a step of the exploration");
        var hasFitted = _state.Step > _state.FirstPolicyStep || _state.Position >= StepPosition.Fitted;
        // Throws where there is none.
        if (hasFitted && _state.NeedsModel) _ = _state.Dynamics.Model;
        if (isWhole) LogResumed(_logger, reader.FilePath, _state.Step);
        else LogResumedInNewEpisode(_logger, reader.FilePath, _state.Step);
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
            _checkpoints?.Write(_state.Step);
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
        Message = "Resumed from '{File}' after {Step} steps, with a new episode: the environment cannot be put back into the one that was running (it is no IStatefulEnvironment), which ends there.")]
    private static partial void LogResumedInNewEpisode(ILogger logger, string file, int step);

    [LoggerMessage(Level = LogLevel.Error, Message = "The learner gives no policy: {Reason}")]
    private static partial void LogNoReport(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private static partial void LogNoLastCheckpoint(ILogger logger, string reason);
}
