using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>
/// One or two threads that work on the members of a network, and what each needs: the members as matrices and memory for passes without gradients.
/// </summary>
internal sealed class FusedWorkers : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Companion _companion;
    private readonly InferencePass[] _passes;

    /// <param name="network">Its memory is shared.</param>
    /// <param name="threads">1 or 2.</param>
    public FusedWorkers(EnsembleNetwork network, int threads)
    {
        // Of the views that are only passed on.
        using var scope = NewDisposeScope();
        Shape = network.Shape;
        Members = [.. Enumerable.Range(0, network.MemberCount).Select(member => new LayerViews(network.Values.Layers.Network(member)))];
        _passes = [new InferencePass(Shape), new InferencePass(Shape)];
        _companion = new Companion(threads);
    }

    /// <summary>Of each member.</summary>
    public NetworkShape Shape { get; }

    /// <summary>All members; they share the network's memory.</summary>
    public LayerViews[] Members { get; }

    /// <summary>The memory of one half of the work.</summary>
    public InferencePass Pass(int half) => _passes[half];

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
        foreach (var pass in _passes) pass.Dispose();
        foreach (var member in Members) member.Dispose();
    }
}
