using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;

namespace MbpoML.Dynamics.Homoscedastic.Fused;

/// <summary>
/// The weights of all members with rows and columns changed, which backward passes multiply with. They are made anew only after the network has changed:
/// between two fits hundreds of updates go back through the same weights.
/// </summary>
/// <param name="network">The network; stays the caller's.</param>
/// <param name="members">Its members, one by one; they stay the caller's.</param>
internal sealed class TransposedWeights(HomoscedasticNetwork network, LayerViews[] members) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Matrix[][] _members = [.. members.Select(_ => Empty(network.Shape))];
    private long _version = -1;

    /// <summary>The transposed weights of the network as it is now. Several threads may ask at once.</summary>
    /// <returns>By member and layer: [out, in], lent.</returns>
    public Matrix[][] Members()
    {
        if (Volatile.Read(ref _version) == network.Version) return _members;
        lock (_gate)
        {
            if (_version == network.Version) return _members;
            for (var member = 0; member < members.Length; member++)
                for (var layer = 0; layer < members[member].Count; layer++)
                    _members[member][layer].SetTransposed(members[member].Weights(layer));
            Volatile.Write(ref _version, network.Version);
        }

        return _members;
    }

    public void Dispose()
    {
        foreach (var weights in _members.SelectMany(member => member)) weights.Dispose();
    }

    private static Matrix[] Empty(NetworkShape shape) =>
        [.. Enumerable.Range(0, shape.Layers).Select(layer => new Matrix(shape.Out(layer), shape.In(layer)))];
}
