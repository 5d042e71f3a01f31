using MbpoML.Saving;
using MbpoML.Training.Metrics;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training.Checkpoints;

/// <summary>Writes the checkpoints of one run when they are due.</summary>
internal sealed partial class RunCheckpoints
{
    // Of the time between two checkpoints: beyond it, writing them is worth a word.
    private const double UsualShare = 0.02;

    private readonly Checkpointing _options;
    private readonly CheckpointFolder _folder;
    private readonly Action<CheckpointWriter> _content;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly RunMeters _meters;
    private long _lastWritten;
    private int _lastStep;

    /// <param name="options">Where and when.</param>
    /// <param name="content">Writes all that the run is.</param>
    /// <param name="step">The step at which the run begins or goes on.</param>
    /// <param name="clock">Tells when one is due.</param>
    /// <param name="meters">Is told how long each took.</param>
    /// <param name="logger">Is told of each.</param>
    public RunCheckpoints(Checkpointing options, Action<CheckpointWriter> content, int step, TimeProvider clock, RunMeters meters, ILogger logger)
    {
        (_options, _content, _lastStep, _clock, _meters, _logger) = (options, content, step, clock, meters, logger);
        _lastWritten = clock.GetTimestamp();
        _folder = new CheckpointFolder(options.Folder, options.Keep);
    }

    /// <summary>Writes one if enough steps or time have gone by. The run stands between two steps.</summary>
    /// <returns>Whether one was written.</returns>
    public bool WriteIfDue(int step)
    {
        var isDue = step - _lastStep >= _options.EverySteps || _clock.GetElapsedTime(_lastWritten) >= _options.Every;
        if (isDue) Write(step);
        return isDue;
    }

    /// <summary>Writes one.</summary>
    /// <exception cref="CheckpointException">It cannot be written; those before it are untouched.</exception>
    public void Write(int step)
    {
        using var activity = _meters.Begin("write checkpoint");
        var (before, start) = (_lastWritten, _clock.GetTimestamp());
        var file = _folder.Write(step, _content);
        (_lastWritten, _lastStep) = (_clock.GetTimestamp(), step);
        var (taken, between) = (_clock.GetElapsedTime(start), _clock.GetElapsedTime(before));
        _meters.TellCheckpoint(taken);
        LogWritten(_logger, file, taken.TotalSeconds);
        foreach (var left in _folder.Undeleted) LogLeft(_logger, left);
        if (taken > UsualShare * between && taken.TotalSeconds > 1) LogSlow(_logger, taken.TotalSeconds, between.TotalSeconds);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Checkpoint '{File}' written in {Seconds:F2} s.")]
    private static partial void LogWritten(ILogger logger, string file, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "'{File}' is no longer needed but cannot be deleted: another program may have it open. It is tried again with the next checkpoint; " +
            "until then a resume takes the file with the highest step.")]
    private static partial void LogLeft(ILogger logger, string file);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The last checkpoint took {Seconds:F1} s, and the one before it was written only {Between:F0} s earlier. Set Checkpoints.Every or " +
            "EverySteps higher, or use a faster disk.")]
    private static partial void LogSlow(ILogger logger, double seconds, double between);
}
