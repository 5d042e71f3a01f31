using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>What a dynamics model imagines for a batch of observations and actions. Whoever receives it disposes it.</summary>
/// <param name="NextObservation">The imagined observations, [batch, observation], in the environment's units.</param>
/// <param name="Reward">The imagined rewards, [batch].</param>
/// <param name="Terminated">Booleans, [batch], where the model itself predicts termination; else null.</param>
public readonly record struct DynamicsSample(Tensor NextObservation, Tensor Reward, Tensor? Terminated = null) : IDisposable
{
    /// <summary>Frees the tensors. A sample without any, <c>default</c>, may be disposed too.</summary>
    public void Dispose()
    {
        NextObservation?.Dispose();
        Reward?.Dispose();
        Terminated?.Dispose();
    }
}
