using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>A policy learner that learns from minibatches of transitions, such as soft actor-critic.</summary>
public interface IMinibatchLearner : IPolicyLearner
{
    /// <summary>One update from one minibatch.</summary>
    /// <param name="rows">Transitions, [batch, <see cref="Data.TransitionLayout.Width"/>], in environment units, on the learner's device; only read.</param>
    /// <exception cref="ArgumentException">Another shape, type or device, no row, or, on the CPU, a value that is not finite; nothing is then
    /// learned.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in an update.</exception>
    /// <exception cref="ObjectDisposedException">The learner or the tensor was disposed.</exception>
    void Update(Tensor rows);
}
