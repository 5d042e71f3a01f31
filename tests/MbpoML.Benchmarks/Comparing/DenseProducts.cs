using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// Only the matrix products of one dense network, into memory that is there: what no implementation on these products can beat. One object serves one thread.
/// </summary>
/// <param name="batch">Rows.</param>
/// <param name="sizes">Inputs, units of each hidden layer, outputs.</param>
internal sealed class DenseProducts(int batch, int[] sizes) : IDisposable
{
    private readonly Matrix[] _activations = [.. sizes.Select(width => new Matrix(batch, width))];
    private readonly Matrix[] _weights = [.. sizes.Zip(sizes.Skip(1), (from, to) => new Matrix(from, to))];
    private readonly Matrix[] _gradients = [.. sizes.Zip(sizes.Skip(1), (from, to) => new Matrix(from, to))];

    /// <summary>Forwards, and back to all weights.</summary>
    public void ToWeights(int times)
    {
        using var noGradient = no_grad();
        for (var time = 0; time < times; time++)
        {
            Forward();
            for (var layer = _weights.Length - 1; layer >= 0; layer--)
            {
                _gradients[layer].SetProduct(_activations[layer].Transposed, _activations[layer + 1]);
                if (layer > 0) Back(layer);
            }
        }
    }

    /// <summary>Forwards, and back to the inputs.</summary>
    public void ToInputs(int times)
    {
        using var noGradient = no_grad();
        for (var time = 0; time < times; time++)
        {
            Forward();
            for (var layer = _weights.Length - 1; layer >= 0; layer--) Back(layer);
        }
    }

    public void Dispose()
    {
        foreach (var matrix in _activations.Concat(_weights).Concat(_gradients)) matrix.Dispose();
    }

    private void Forward()
    {
        for (var layer = 0; layer < _weights.Length; layer++) _activations[layer + 1].SetProduct(_activations[layer], _weights[layer]);
    }

    private void Back(int layer) => _activations[layer].SetProduct(_activations[layer + 1], _weights[layer].Transposed);
}
