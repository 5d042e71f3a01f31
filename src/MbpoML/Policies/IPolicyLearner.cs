using MbpoML.Acting;
using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>A policy that improves; the trainer keeps one across epochs, so weights and optimizer moments go on.</summary>
/// <remarks>
/// What it learns from is said by further interfaces: minibatches (<see cref="IMinibatchLearner"/>), whole imagined episodes (<see cref="IEpisodeLearner"/>),
/// start states (<see cref="IStartStateLearner"/>), and the model itself (<see cref="IModelBasedLearner"/>). One that is a <see cref="Saving.ISaved"/> can be
/// resumed; one that is an <see cref="IGuardedLearner"/> says when learning has diverged.
/// </remarks>
public interface IPolicyLearner : IPolicy, IDisposable
{
    /// <summary>Where minibatches are to stand, and with them the pools that they are drawn from. The CPU unless a learner says otherwise.</summary>
    Device Device => CPU;

    /// <summary>
    /// Averages of what was measured in the updates since the last call (losses, values, entropy), by metric name; empty when there was none.
    /// </summary>
    IReadOnlyDictionary<string, double> TakeMetrics();

    /// <summary>A copy of the policy as it stands, as an ML.NET transformer that later updates leave alone.</summary>
    PolicyTransformer ToTransformer();
}
