using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>
/// E networks of equal shape whose parameters all live in one flat tensor: hidden layers are swish, the last layer is linear and gives means and log variances.
/// </summary>
/// <remarks>Architecture of the official MBPO code (models/bnn.py, models/fc.py): input, hidden layers x * sigmoid(x), linear to twice the outputs.</remarks>
internal sealed class EnsembleNetwork : IDisposable
{
    private readonly long[][] _shapes;
    private readonly Tensor _memory;
    private readonly LayerTensors[] _members;

    /// <summary>Networks whose parameters are all zero until <see cref="Initialize"/>.</summary>
    /// <param name="memberCount">E</param>
    /// <param name="inputSize">Observation and action together.</param>
    /// <param name="hiddenSizes">Units of each hidden layer.</param>
    /// <param name="outputSize">Predicted values: the observation's and the reward.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="isPoint">Whether the networks predict means alone.</param>
    public EnsembleNetwork(int memberCount, int inputSize, IReadOnlyList<int> hiddenSizes, int outputSize, Device device, bool isPoint = false)
    {
        (MemberCount, IsPoint) = (memberCount, isPoint);
        _shapes = [.. Shapes(memberCount, [inputSize, .. hiddenSizes, 2 * outputSize]), [1, outputSize], [1, outputSize]];
        var parameters = _shapes.Sum(shape => shape.Aggregate(1.0, (product, size) => product * size));
        if (parameters > Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(hiddenSizes), $"[{Listed.Of(hiddenSizes)}]",
                Invariant($"MemberCount {memberCount} and these HiddenSizes make networks of {parameters:g3} parameters, more than an array can hold."));

        Shape = new NetworkShape(inputSize, hiddenSizes, 2 * outputSize, Activation.Silu);
        using var scope = NewDisposeScope();
        Flat = zeros(_shapes.Sum(Product), ScalarType.Float32, device, requires_grad: true).DetachFromDisposeScope();
        _memory = Flat.detach().DetachFromDisposeScope();
        Values = Split(_memory);
        _members = [.. Enumerable.Range(0, memberCount).Select(Values.Layers.Network)];
        foreach (var tensor in Views()) tensor.DetachFromDisposeScope();
    }

    public int MemberCount { get; }

    /// <summary>Whether the networks predict means alone, and what would be log variances counts for nothing.</summary>
    public bool IsPoint { get; }

    /// <summary>The outputs of each member: from observation and action to means and log variances.</summary>
    public NetworkShape Shape { get; }

    /// <summary>All parameters, one dimension: the leaf of autograd.</summary>
    public Tensor Flat { get; }

    /// <summary>Views of the same memory outside autograd, made once.</summary>
    public EnsembleParameters Values { get; }

    /// <summary>
    /// Draws the weights from a normal distribution of standard deviation 1 / (2 sqrt(inputs)), redrawn beyond two standard deviations; biases become zero.
    /// </summary>
    public void Initialize(Generator generator, (double Min, double Max) logVarianceBounds)
    {
        using var scope = NewDisposeScope();
        foreach (var weights in Values.Weights)
            weights.copy_(TruncatedNormal(weights.shape, generator).MultiplyInPlace(1 / (2 * Math.Sqrt(weights.size(1)))));
        foreach (var biases in Values.Biases) biases.zero_();
        Values.MinLogVariance.FillInPlace(logVarianceBounds.Min);
        Values.MaxLogVariance.FillInPlace(logVarianceBounds.Max);
    }

    /// <summary>Views of a flat tensor of the size of <see cref="Flat"/>; where it is a leaf of autograd, its gradient is flat too.</summary>
    public EnsembleParameters Split(Tensor flat)
    {
        var tensors = flat.split([.. _shapes.Select(Product)]).Zip(_shapes, (part, shape) => part.view(shape)).ToArray();
        var layers = Enumerable.Range(0, Shape.Layers).ToArray();
        return new EnsembleParameters(
            new LayerTensors(Shape, [.. layers.Select(layer => tensors[2 * layer])], [.. layers.Select(layer => tensors[(2 * layer) + 1])]),
            tensors[^2],
            tensors[^1],
            IsPoint);
    }

    /// <summary>Evaluates one member; differentiable by the input, not by the parameters.</summary>
    /// <param name="member">Its index.</param>
    /// <param name="input">[batch, in], standardised.</param>
    /// <returns>The last layer's output [batch, 2 outputs], for <see cref="EnsembleParameters.Head"/>.</returns>
    public Tensor ForwardMember(int member, Tensor input) => _members[member].Forward(input, BiasAddition.WithinProduct);

    /// <summary>Copies one member's weights and biases, not the shared bounds, between two flat tensors of this network's size.</summary>
    public void CopyMember(int member, Tensor from, Tensor to)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (source, target) = (Split(from.detach()).Layers.Network(member), Split(to.detach()).Layers.Network(member));
        for (var layer = 0; layer < Shape.Layers; layer++)
        {
            target.Weights[layer].copy_(source.Weights[layer]);
            target.Biases[layer].copy_(source.Biases[layer]);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in Views()) tensor.Dispose();
        _memory.Dispose();
        Flat.Dispose();
    }

    // All that share the memory for as long as the network lives.
    private IEnumerable<Tensor> Views() =>
        [.. _members.Append(Values.Layers).SelectMany(layers => layers.Weights.Concat(layers.Biases)), Values.MaxLogVariance, Values.MinLogVariance];

    private static Tensor TruncatedNormal(long[] shape, Generator generator)
    {
        var values = randn(shape, ScalarType.Float32, generator: generator);
        for (var outside = values.abs().Above(2); outside.any().item<bool>(); outside = values.abs().Above(2))
            values = where(outside, randn(shape, ScalarType.Float32, generator: generator), values);
        return values;
    }

    private static IEnumerable<long[]> Shapes(int memberCount, int[] sizes) =>
        sizes.Zip(sizes.Skip(1)).SelectMany(layer => new long[][] { [memberCount, layer.First, layer.Second], [memberCount, 1, layer.Second] });

    private static long Product(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}
