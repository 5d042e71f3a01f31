using MbpoML.Data;
using MbpoML.Numerics;

namespace MbpoML.Dynamics.Latent;

/// <summary>A latent dynamics model that is fitted further and further as episodes come in.</summary>
/// <remarks>One that is an <see cref="Saving.ISaved"/> goes on exactly when a run is resumed; runs that write checkpoints need it.</remarks>
public interface ILatentDynamicsLearner : IDisposable
{
    /// <summary>The model as it is now; it changes with each update.</summary>
    ILatentDynamicsModel Model { get; }

    /// <summary>One step of the optimizer, on chunks of the episodes.</summary>
    /// <param name="episodes">The real episodes so far; only read.</param>
    /// <exception cref="InvalidOperationException">No episode is as long as a chunk.</exception>
    void Update(EpisodePool episodes);

    /// <summary>What was measured in the updates since the last call, by metric name; empty where there was none.</summary>
    IReadOnlyDictionary<string, double> TakeMetrics();

    /// <summary>Looks at the updates since the last call.</summary>
    /// <exception cref="LearningException">Learning has diverged.</exception>
    void ThrowIfDiverged();

    /// <summary>A model of its own with the weights as they are, which later updates leave alone.</summary>
    /// <returns>The model; the caller disposes it where it is disposable.</returns>
    ILatentDynamicsModel CopyModel();
}
