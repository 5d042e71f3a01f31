using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms.Offline;

/// <summary>A trainer of a policy from a log alone, whatever its algorithm: an estimator of ML.NET. Made by <c>rl.Offline</c>.</summary>
public interface IOfflineTrainer : IEstimator<PolicyTransformer>
{
    /// <summary>Learns a policy from a log, and gives the metrics of every epoch.</summary>
    /// <param name="log">
    /// Transitions in the columns of <see cref="OfflineOptions.Columns"/>, in the order of time, so that a row that begins elsewhere than the one before it
    /// ended begins an episode.
    /// </param>
    /// <returns>Its steps are updates. The caller disposes the policy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type, the log has fewer than 2 rows, a value is not finite, an action never changes, or lies
    /// outside <see cref="OfflineOptions.ActionSpace"/>, or <see cref="OfflineOptions.Reward"/> gives a row nothing finite.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already at work, or one of its stages cannot be used.</exception>
    /// <exception cref="CheckpointException">The checkpoints in the folder are damaged, or of a fit with other settings or another log; the message names
    /// them.</exception>
    /// <exception cref="TrainingCanceledException">The fit was cancelled through the options' token; the exception holds the policy so far.</exception>
    /// <exception cref="TrainingFailedException">The fit had begun and failed; the exception holds the last good policy, and as inner exception the
    /// cause.</exception>
    TrainingReport Train(IDataView log);
}
