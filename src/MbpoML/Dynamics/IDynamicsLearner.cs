using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>A dynamics model that is fitted again and again as data comes in; the trainer keeps one across epochs.</summary>
public interface IDynamicsLearner : IDisposable
{
    /// <summary>The model as last fitted. The instance may change with each fit.</summary>
    /// <exception cref="InvalidOperationException">Nothing was fitted yet.</exception>
    IDynamicsModel Model { get; }

    /// <summary>Whether <see cref="Model"/> is an <see cref="IEnsembleDynamicsModel"/> as soon as it is fitted.</summary>
    bool IsEnsemble { get; }

    /// <summary>Whether the model may say where the task ends. Default: it may.</summary>
    bool PredictsTermination => true;

    /// <summary>Fits the model to all transitions known so far.</summary>
    /// <param name="rows">The transitions, float32 [rows, <see cref="Data.TransitionLayout.Width"/>]; they are only read.</param>
    /// <param name="cancellationToken">Cancels the fit between two optimizer steps.</param>
    /// <returns>What was measured (holdout error, epochs, steps), by metric name such as "model/holdout-mse".</returns>
    IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken);
}
