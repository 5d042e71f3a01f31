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
    // The input and all outputs cut to a number of rows, kept for the next block of as many. Of blocks of equal size, or one row more, there are two kinds.
    private readonly (int Rows, Matrix[] Memory)[] _cut = [(0, []), (0, [])];

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
        for (var layer = 0; layer < _outputs.Length; layer++)
        {
            Cut(rows)[layer + 1].SetProduct(Cut(rows)[layer], parameters.Weights(layer));
            if (layer < _outputs.Length - 1) Activate(layer, _outputs[layer].Values[..(rows * _shape.Out(layer))], parameters.Biases(layer));
        }

        return _outputs[^1].Values[..(rows * _shape.Outputs)];
    }

    private Matrix[] Cut(int rows)
    {
        ref var cut = ref _cut[rows % 2];
        if (cut.Rows == rows) return cut.Memory;
        foreach (var matrix in cut.Memory) matrix.Dispose();
        var memory = new Matrix[1 + _outputs.Length];
        // None counts while it is not whole.
        cut = (0, memory);
        memory[0] = _input.Rows(0, rows);
        for (var layer = 0; layer < _outputs.Length; layer++) memory[layer + 1] = _outputs[layer].Rows(0, rows);
        cut = (rows, memory);
        return memory;
    }

    private void Activate(int layer, Span<float> values, ReadOnlySpan<float> biases)
    {
        var kind = _shape.Hidden[layer];
        ActivationKernels.AddBias(kind.Activation, values, biases);
        if (kind.NormEpsilon is { } epsilon) LayerNormKernels.Apply(values, kind.Units, (float)epsilon, []);
    }

    public void Dispose()
    {
        foreach (var (_, memory) in _cut)
            foreach (var matrix in memory) matrix.Dispose();
        _input.Dispose();
        foreach (var output in _outputs) output.Dispose();
    }
}
