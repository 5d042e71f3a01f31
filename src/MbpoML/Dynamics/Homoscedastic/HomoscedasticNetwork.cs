using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>
/// Networks of one shape that predict means, and the logarithms of the noise's deviations, which do not depend on the input: one for each member and output.
/// </summary>
internal sealed class HomoscedasticNetwork : IDisposable
{
    // He's initialisation for leaky units of slope 0.01 (official code: module/layer.py).
    private const double Gain = 2 / (1 + (0.01 * 0.01));

    private readonly LayerTensors[] _members;

    /// <param name="shape">The shape of each member.</param>
    /// <param name="memberCount">E</param>
    /// <param name="device">Where the parameters live.</param>
    public HomoscedasticNetwork(NetworkShape shape, int memberCount, Device device)
    {
        (Shape, MemberCount) = (shape, memberCount);
        if ((double)shape.ParameterCount * memberCount > Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(memberCount), memberCount,
                Invariant($"MemberCount {memberCount} and HiddenSizes make networks of {(double)shape.ParameterCount * memberCount:g3} parameters, more ") +
                    "than an array can hold.");
        using var scope = NewDisposeScope();
        Flat = zeros(memberCount, shape.ParameterCount, ScalarType.Float32, device).DetachFromDisposeScope();
        LogNoise = zeros(memberCount, shape.Outputs, ScalarType.Float32, device).DetachFromDisposeScope();
        var layers = shape.Split(Flat);
        _members = [.. Enumerable.Range(0, memberCount).Select(layers.Network)];
        foreach (var tensor in Views) tensor.DetachFromDisposeScope();
    }

    public int MemberCount { get; }

    /// <summary>The outputs of each member: from observation and action to means.</summary>
    public NetworkShape Shape { get; }

    /// <summary>All weights and biases: [E, parameters]</summary>
    public Tensor Flat { get; }

    /// <summary>log σ, in the units of the targets learned: [E, outputs]</summary>
    public Tensor LogNoise { get; }

    /// <summary>Rises with each change of the parameters, so that whoever keeps what follows from them knows when to make it anew.</summary>
    public long Version { get; private set; }

    // All that share the memory for as long as the network lives.
    private IEnumerable<Tensor> Views => _members.SelectMany(member => member.Weights.Concat(member.Biases));

    /// <summary>Normal weights of variance 2 / inputs, normal biases of deviation 1 / (2 √inputs), and noise of deviation 1.</summary>
    /// <param name="generator">On the CPU, so that a seed gives the same weights for every device.</param>
    public void Initialize(Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var member in _members)
        {
            for (var layer = 0; layer < Shape.Layers; layer++)
            {
                var inputs = Shape.In(layer);
                member.Weights[layer].copy_(
                    randn(member.Weights[layer].shape, ScalarType.Float32, generator: generator).MultiplyInPlace(Math.Sqrt(Gain / inputs)));
                member.Biases[layer].copy_(
                    randn(member.Biases[layer].shape, ScalarType.Float32, generator: generator).MultiplyInPlace(1 / (2 * Math.Sqrt(inputs))));
            }
        }

        LogNoise.zero_();
        Changed();
    }

    /// <summary>Whoever changes the parameters says so afterwards.</summary>
    public void Changed() => Version++;

    /// <summary>Evaluates one member without dropout; differentiable by the input.</summary>
    /// <param name="member">Its index.</param>
    /// <param name="input">[batch, in], standardised.</param>
    /// <returns>[batch, outputs], in the units of the targets learned.</returns>
    public Tensor ForwardMember(int member, Tensor input) => _members[member].Forward(input, BiasAddition.WithinProduct);

    public void Dispose()
    {
        foreach (var tensor in Views) tensor.Dispose();
        Flat.Dispose();
        LogNoise.Dispose();
    }
}
