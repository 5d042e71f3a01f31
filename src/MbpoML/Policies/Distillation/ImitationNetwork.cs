using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Policies.Distillation;

/// <summary>A network with ReLU layers whose outputs tanh brings between -1 and 1, all parameters in one flat tensor.</summary>
internal sealed class ImitationNetwork : IDisposable
{
    private readonly int[] _sizes;

    /// <param name="sizes">The units of each layer, from inputs to outputs.</param>
    /// <param name="seed">Decides the first weights: uniform within one over the root of the inputs, as in torch.</param>
    public ImitationNetwork(int[] sizes, int seed)
    {
        _sizes = sizes;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var parts = new List<Tensor>();
        for (var layer = 0; layer + 1 < sizes.Length; layer++)
        {
            var bound = 1 / Math.Sqrt(sizes[layer]);
            parts.Add(rand((sizes[layer] + 1) * sizes[layer + 1], ScalarType.Float32, generator: generator).MultiplyInPlace(2 * bound).AddInPlace(-bound));
        }

        Parameters = cat(parts, 0).DetachFromDisposeScope();
        Parameters.requires_grad = true;
    }

    /// <summary>All numbers, [parameters].</summary>
    public Tensor Parameters { get; }

    /// <summary>The gradient of the mean squared error.</summary>
    /// <param name="inputs">[rows, in]</param>
    /// <param name="targets">[rows, out]</param>
    /// <returns>[parameters]</returns>
    public Tensor Gradient(Tensor inputs, Tensor targets)
    {
        var loss = Forward(inputs).sub(targets).Squared().mean();
        return autograd.grad([loss], [Parameters])[0];
    }

    /// <summary>The mean squared error.</summary>
    public double Error(Tensor inputs, Tensor targets)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Forward(inputs).sub(targets).Squared().mean().item<float>();
    }

    /// <summary>Weights [in, out] and biases by layer, for inputs that are not standardised.</summary>
    public (IReadOnlyList<float[]> Weights, IReadOnlyList<float[]> Biases) ToArrays(Standardizer scale)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (weights, biases) = (new List<float[]>(), new List<float[]>());
        foreach (var (index, (weight, bias)) in Layers().Index())
        {
            var own = index == 0 ? weight.div(scale.Deviation.view(-1, 1)) : weight;
            var shifted = index == 0 ? bias.sub(scale.Mean.view(1, -1).mm(own).squeeze(0)) : bias;
            weights.Add(own.contiguous().data<float>().ToArray());
            biases.Add(shifted.contiguous().data<float>().ToArray());
        }

        return (weights, biases);
    }

    public void Dispose() => Parameters.Dispose();

    private Tensor Forward(Tensor inputs)
    {
        var value = inputs;
        foreach (var (index, (weight, bias)) in Layers().Index())
        {
            if (index > 0) value = value.relu();
            value = value.mm(weight).add(bias, ScalarArithmetic.One);
        }

        return value.tanh();
    }

    private IEnumerable<(Tensor Weights, Tensor Bias)> Layers()
    {
        var start = 0L;
        for (var layer = 0; layer + 1 < _sizes.Length; layer++)
        {
            var count = (long)_sizes[layer] * _sizes[layer + 1];
            var weights = Parameters.narrow(0, start, count).view(_sizes[layer], _sizes[layer + 1]);
            yield return (weights, Parameters.narrow(0, start + count, _sizes[layer + 1]));
            start += count + _sizes[layer + 1];
        }
    }
}
