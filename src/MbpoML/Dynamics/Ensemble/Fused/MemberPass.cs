using MbpoML.Numerics;

namespace MbpoML.Dynamics.Fused;

/// <summary>The memory of a minibatch on its way through one member and back, for a fixed number of rows, and both ways.</summary>
/// <remarks>
/// On the way back each layer's gradient takes the memory of its output, which nobody needs any more by then: less memory means more of it in the cache.
/// </remarks>
internal sealed class MemberPass : IDisposable
{
    private readonly Matrix _input;
    private readonly Matrix[] _outputs, _derivatives;
    private readonly float[] _targets;
    private readonly int _targetSize;

    /// <param name="layers">A member, for the sizes.</param>
    /// <param name="rows">The rows of a minibatch.</param>
    public MemberPass(MemberLayers layers, int rows)
    {
        var widths = Enumerable.Range(0, layers.Count).Select(layer => layers.Biases(layer).Length).ToArray();
        _input = new Matrix(rows, (int)layers.Weights(0).Tensor.size(0));
        _outputs = [.. widths.Select(width => new Matrix(rows, width))];
        _derivatives = [.. widths[..^1].Select(width => new Matrix(rows, width))];
        (RowCount, _targetSize) = (rows, widths[^1] / 2);
        _targets = new float[rows * _targetSize];
    }

    private MemberPass(MemberPass whole, int rows)
    {
        _input = whole._input.Rows(0, rows);
        _outputs = [.. whole._outputs.Select(matrix => matrix.Rows(0, rows))];
        _derivatives = [.. whole._derivatives.Select(matrix => matrix.Rows(0, rows))];
        (RowCount, _targetSize, _targets) = (rows, whole._targetSize, whole._targets);
    }

    /// <summary>The rows of the minibatch.</summary>
    public int RowCount { get; }

    /// <summary>What the last layer gives, without its biases; before <see cref="Backward"/> the caller replaces it by the derivative of the loss. [rows, 2 outputs]</summary>
    public Span<float> Output => _outputs[^1].Values;

    /// <summary>[rows, outputs]</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, RowCount * _targetSize);

    /// <summary>A pass of fewer rows in the same memory.</summary>
    public MemberPass Rows(int rows) => new(this, rows);

    /// <summary>Fetches the rows of the minibatch.</summary>
    /// <param name="inputs">[data, in]</param>
    /// <param name="targets">[data, outputs]</param>
    /// <param name="numbers">Which rows of the data; as many as the pass has.</param>
    public void Gather(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<long> numbers)
    {
        var input = _input.Values;
        var width = input.Length / RowCount;
        for (var row = 0; row < numbers.Length; row++)
        {
            var number = (int)numbers[row];
            inputs.Slice(number * width, width).CopyTo(input[(row * width)..]);
            targets.Slice(number * _targetSize, _targetSize).CopyTo(_targets.AsSpan(row * _targetSize));
        }
    }

    /// <summary>From the gathered inputs to <see cref="Output"/>.</summary>
    public void Forward(MemberLayers parameters)
    {
        for (var layer = 0; layer < _outputs.Length; layer++)
        {
            _outputs[layer].SetProduct(layer == 0 ? _input.Tensor : _outputs[layer - 1].Tensor, parameters.Weights(layer).Tensor);
            if (layer < _derivatives.Length) SwishKernels.AddBiasSwish(_outputs[layer].Values, parameters.Biases(layer), _derivatives[layer].Values);
        }
    }

    /// <summary>From the derivative by the last layer's output down to the gradient of all layers, except the last layer's biases.</summary>
    /// <param name="parameters">The member.</param>
    /// <param name="gradient">Its gradient, overwritten.</param>
    public void Backward(MemberLayers parameters, MemberLayers gradient)
    {
        for (var layer = _outputs.Length - 1; layer > 0; layer--)
        {
            gradient.Weights(layer).SetProduct(_outputs[layer - 1].Transposed, _outputs[layer].Tensor);
            _outputs[layer - 1].SetProduct(_outputs[layer].Tensor, parameters.Weights(layer).Transposed);
            SwishKernels.MultiplyAndSum(_outputs[layer - 1].Values, _derivatives[layer - 1].Values, gradient.Biases(layer - 1));
        }
        gradient.Weights(0).SetProduct(_input.Transposed, _outputs[0].Tensor);
    }

    public void Dispose()
    {
        _input.Dispose();
        foreach (var matrix in _outputs.Concat(_derivatives)) matrix.Dispose();
    }
}
