using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>A policy that improves from minibatches of transitions; the trainer keeps one across epochs, so weights and optimizer moments go on.</summary>
public interface IPolicyLearner : IPolicy, IDisposable
{
    /// <summary>Where minibatches are to stand, and with them the pools that they are drawn from. The CPU unless a learner says otherwise.</summary>
    Device Device => CPU;

    /// <summary>One update from one minibatch.</summary>
    /// <param name="rows">[batch, <see cref="Data.TransitionLayout.Width"/>], environment units, on the learner's device; only read.</param>
    /// <exception cref="ArgumentException">Another shape, type or device, no row, or, on the CPU, a value that is not finite; nothing is then learned.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in an update.</exception>
    /// <exception cref="ObjectDisposedException">The learner or the tensor was disposed.</exception>
    void Update(Tensor rows);

    /// <summary>Averages of what was measured in the updates since the last call (losses, values, entropy), by metric name; empty when there was none.</summary>
    IReadOnlyDictionary<string, double> TakeMetrics();

    /// <summary>A copy of the policy as it stands, as an ML.NET transformer that later updates leave alone.</summary>
    PolicyTransformer ToTransformer();
}
