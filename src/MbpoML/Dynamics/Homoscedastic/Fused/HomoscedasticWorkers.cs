using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic.Fused;

/// <summary>One or two threads that share the members of a network, and the members as matrices.</summary>
internal sealed class HomoscedasticWorkers : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Companion _companion;

    /// <param name="network">Its memory is shared.</param>
    /// <param name="threads">1 or 2.</param>
    public HomoscedasticWorkers(HomoscedasticNetwork network, int threads)
    {
        using var scope = NewDisposeScope();
        Members = [.. Enumerable.Range(0, network.MemberCount).Select(member => new LayerViews(network.Shape, network.Flat.select(0, member)))];
        Transposed = new TransposedWeights(network, Members);
        _companion = new Companion(threads);
    }

    /// <summary>All members; they share the network's memory.</summary>
    public LayerViews[] Members { get; }

    /// <summary>Their weights with rows and columns changed.</summary>
    public TransposedWeights Transposed { get; }

    /// <summary>
    /// Runs phase(0) and phase(1), side by side where there are two threads, and returns when both are done; calls from several threads take turns.
    /// </summary>
    public void Run(Action<int> phase)
    {
        lock (_gate) _companion.Run(phase);
    }

    public void Dispose()
    {
        _companion.Dispose();
        Transposed.Dispose();
        foreach (var member in Members) member.Dispose();
    }
}
