using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>Parameters of many shapes in one flat buffer, which the optimizer steps through in one pass. Each is a leaf of autograd that shares its
/// memory.</summary>
/// <remarks>
/// Views of one flat leaf would be simpler. But the gradient of each view is as long as the whole buffer, some thirty times the memory traffic of the update.
/// </remarks>
internal sealed class FlatParameters : IDisposable
{
    private readonly List<(long[] Shape, double Bound)> _planned = [];
    private Tensor[] _leaves = [];
    private Tensor? _flat;

    /// <summary>All numbers, [parameters].</summary>
    public Tensor Flat => _flat!;

    /// <summary>The parameters, in the order in which they were added.</summary>
    public IReadOnlyList<Tensor> Leaves => _leaves;

    /// <summary>Plans a parameter.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="bound">It begins uniform within plus and minus this.</param>
    /// <returns>Its place in <see cref="Leaves"/>.</returns>
    public int Add(long[] shape, double bound)
    {
        _planned.Add((shape, bound));
        return _planned.Count - 1;
    }

    /// <summary>Makes what was planned.</summary>
    /// <param name="device">Where.</param>
    /// <param name="generator">Draws the first values; null: they are set later.</param>
    public void Allocate(Device device, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var count = _planned.Sum(parameter => Count(parameter.Shape));
        RecurrentStateSpaceShape.CheckCount(count);
        _flat = zeros(count, ScalarType.Float32, device).DetachFromDisposeScope();
        var (leaves, first) = (new List<Tensor>(), 0L);
        foreach (var (shape, bound) in _planned)
        {
            var part = _flat.narrow(0, first, Count(shape));
            if (generator is not null)
                part.copy_(rand(Count(shape), ScalarType.Float32, generator: generator).MultiplyInPlace(2 * bound).AddInPlace(-bound));
            leaves.Add(part.view(shape).detach().requires_grad_().DetachFromDisposeScope());
            first += Count(shape);
        }

        _leaves = [.. leaves];
    }

    public void Dispose()
    {
        foreach (var leaf in _leaves) leaf.Dispose();
        _flat?.Dispose();
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => checked(product * size));
}
