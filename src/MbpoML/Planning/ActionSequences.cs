using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>What a search found. Whoever receives it disposes it.</summary>
/// <param name="Actions">The actions, [rows, horizon, action], in units in which the bounds are -1 and 1.</param>
/// <param name="Value">What the model promises along them, [rows].</param>
public readonly record struct ActionSequences(Tensor Actions, Tensor Value) : IDisposable
{
    /// <summary>Frees the tensors. Sequences without any, <c>default</c>, may be disposed too.</summary>
    public void Dispose()
    {
        Actions?.Dispose();
        Value?.Dispose();
    }
}
