using System.Runtime.ExceptionServices;
using MbpoML.Environments;
using MbpoML.Numerics;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training.Watches;

/// <summary>Decides what becomes of a run whose environment failed, and counts the episodes that failed.</summary>
internal sealed partial class EpisodeFailures(HostSettings settings, ILogger logger)
{
    /// <summary>Episodes in which the environment failed since the run began.</summary>
    public int Count { get; set; }

    /// <summary>Those since the last episode that ended well.</summary>
    public int InARow { get; set; }

    /// <summary>Whether the environment failed, rather than obeyed the run's cancellation.</summary>
    public bool Include(EnvironmentException failure) => !settings.CancellationToken.Caused(failure);

    /// <summary>Counts a failed episode, and throws where the run is to stop.</summary>
    /// <exception cref="EnvironmentException">Episodes are not dropped, or too many in a row were.</exception>
    public void Drop(EnvironmentException failure)
    {
        Count++;
        if (settings.FailedEpisodes == FailedEpisodes.Stop) ExceptionDispatchInfo.Throw(failure);
        InARow++;
        LogDropped(logger, InARow, failure.Message);
        if (InARow >= settings.MaxFailedEpisodesInARow)
            throw new EnvironmentException(
                Invariant($"{InARow} episodes in a row failed, as many as {nameof(TrainingOptions.MaxFailedEpisodesInARow)} allows. The last one: ") +
                    Invariant($"{failure.Message}"),
                failure, failure.Episode, failure.Step);
        // The next reset may hang as long as the last call did.
        settings.CancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>An episode ended well.</summary>
    public void EpisodeEnded() => InARow = 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The environment failed and the episode was dropped, number {InARow} in a row. {Failure}")]
    private static partial void LogDropped(ILogger logger, int inARow, string failure);
}
