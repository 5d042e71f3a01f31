using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Fused;

/// <summary>The memory in which one thread takes blocks of rows through one member at a time, without gradients.</summary>
internal sealed class ForwardPass : IDisposable
{
    /// <summary>The most rows of a block: its activations stay in the processor's cache, and matrix products of so many rows lose nothing.</summary>
    public const int BlockRows = 512;

    private readonly Matrix _input;
    private readonly Matrix[] _outputs;

    /// <param name="layers">A member, for the sizes.</param>
    public ForwardPass(MemberLayers layers)
    {
        var widths = Enumerable.Range(0, layers.Count).Select(layer => layers.Biases(layer).Length).ToArray();
        _input = new Matrix(BlockRows, (int)layers.Weights(0).Tensor.size(0));
        // Layers write in turn to two pieces of memory.
        using var scope = NewDisposeScope();
        var memory = new[] { empty(BlockRows * widths.Max()), empty(BlockRows * widths.Max()) };
        _outputs = [.. widths.Select((width, layer) => new Matrix(memory[layer % 2].narrow(0, 0, BlockRows * width).view(BlockRows, width)))];
    }

    /// <summary>Where the caller puts the rows of a block: [block, in], standardised.</summary>
    public Span<float> Input => _input.Values;

    /// <summary>Takes the first rows of <see cref="Input"/> through a member.</summary>
    /// <returns>What its last layer gives, without the biases: [rows, 2 outputs], valid until the next call.</returns>
    public ReadOnlySpan<float> Run(MemberLayers parameters, int rows)
    {
        if (rows == BlockRows)
        {
            for (var layer = 0; layer < _outputs.Length; layer++) Apply(parameters, layer, layer == 0 ? _input : _outputs[layer - 1], _outputs[layer]);
        }
        else
        {
            var input = _input.Rows(0, rows);
            for (var layer = 0; layer < _outputs.Length; layer++)
            {
                var output = _outputs[layer].Rows(0, rows);
                Apply(parameters, layer, input, output);
                input.Dispose();
                input = output;
            }
            input.Dispose();
        }
        return _outputs[^1].Values[..(rows * parameters.Biases(_outputs.Length - 1).Length)];
    }

    private void Apply(MemberLayers parameters, int layer, Matrix input, Matrix output)
    {
        output.SetProduct(input.Tensor, parameters.Weights(layer).Tensor);
        if (layer < _outputs.Length - 1) SwishKernels.AddBiasSwish(output.Values, parameters.Biases(layer));
    }

    public void Dispose()
    {
        _input.Dispose();
        foreach (var output in _outputs) output.Dispose();
    }
}
