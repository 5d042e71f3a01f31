using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Networks;

/// <summary>The memory in which one thread takes blocks of rows through one network at a time, without gradients and without dropout.</summary>
internal sealed class InferencePass : IDisposable
{
    /// <summary>The most rows of a block: its activations stay in the processor's cache, and matrix products of so many rows lose nothing.</summary>
    public const int BlockRows = 512;

    private readonly NetworkShape _shape;
    private readonly Matrix _input;
    private readonly Matrix[] _outputs;

    /// <param name="shape">The shape of the networks.</param>
    public InferencePass(NetworkShape shape)
    {
        _shape = shape;
        _input = new Matrix(BlockRows, shape.Inputs);
        var widths = Enumerable.Range(0, shape.Layers).Select(shape.Out).ToArray();
        // Layers write in turn to two pieces of memory.
        using var scope = NewDisposeScope();
        var memory = new[] { empty(BlockRows * widths.Max()), empty(BlockRows * widths.Max()) };
        _outputs = [.. widths.Select((width, layer) => new Matrix(memory[layer % 2].narrow(0, 0, BlockRows * width).view(BlockRows, width)))];
    }

    /// <summary>Where the caller puts the rows of a block: [block, in].</summary>
    public Span<float> Input => _input.Values;

    /// <summary>Takes the first rows of <see cref="Input"/> through a network.</summary>
    /// <returns>What its last layer gives, without the biases: [rows, outputs], valid until the next call.</returns>
    public ReadOnlySpan<float> Run(LayerViews parameters, int rows)
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
        return _outputs[^1].Values[..(rows * _shape.Outputs)];
    }

    private void Apply(LayerViews parameters, int layer, Matrix input, Matrix output)
    {
        output.SetProduct(input.Tensor, parameters.Weights(layer).Tensor);
        if (layer == _outputs.Length - 1) return;
        var kind = _shape.Hidden[layer];
        var values = output.Values;
        ActivationKernels.AddBias(kind.Activation, values, parameters.Biases(layer));
        if (kind.NormEpsilon is { } epsilon) LayerNormKernels.Apply(values, kind.Units, (float)epsilon, []);
    }

    public void Dispose()
    {
        _input.Dispose();
        foreach (var output in _outputs) output.Dispose();
    }
}
