using MbpoML.Numerics;

namespace MbpoML.Policies.Fused;

/// <summary>
/// The memory of a pass through the hidden layers and back, for a fixed number of rows, and the two passes that are alike for actor and critics.
/// </summary>
internal sealed class Activations : IDisposable
{
    private readonly Matrix[] _outputs;
    private readonly Matrix[] _deltas;

    public Activations(NetworkShape shape, int rows)
        : this(Hidden(shape, rows), Hidden(shape, rows))
    {
    }

    private Activations(Matrix[] outputs, Matrix[] deltas) => (_outputs, _deltas) = (outputs, deltas);

    /// <summary>What the last hidden layer gives: [rows, hidden].</summary>
    public Matrix Last => _outputs[^1];

    /// <summary>The derivative of the loss by what the last hidden layer gives, for the caller to fill: [rows, hidden].</summary>
    public Matrix LastDelta => _deltas[^1];

    /// <summary>A block of the rows, sharing memory.</summary>
    public Activations Rows(int start, int count) =>
        new([.. _outputs.Select(matrix => matrix.Rows(start, count))], [.. _deltas.Select(matrix => matrix.Rows(start, count))]);

    /// <summary>All hidden layers: relu(x·W + b) each.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="input">[rows, inputs]</param>
    public void Forward(LayerViews parameters, Matrix input)
    {
        for (var layer = 0; layer < _outputs.Length; layer++)
        {
            SetProduct(layer, parameters, input);
            Kernels.AddBiasRelu(_outputs[layer].Values, parameters.Biases(layer));
        }
    }

    /// <summary>All layers of a network of one output.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="input">[rows, inputs]</param>
    /// <param name="values">[rows]</param>
    public void Forward(LayerViews parameters, Matrix input, Span<float> values)
    {
        var last = _outputs.Length - 1;
        for (var layer = 0; layer < last; layer++)
        {
            SetProduct(layer, parameters, input);
            Kernels.AddBiasRelu(_outputs[layer].Values, parameters.Biases(layer));
        }
        SetProduct(last, parameters, input);
        Kernels.AddBiasReluDot(Last.Values, parameters.Biases(last), parameters.LastWeights, parameters.Biases(last + 1)[0], values);
    }

    /// <summary>
    /// From <see cref="LastDelta"/>, already masked and summed into the last hidden layer's bias gradient, down to all hidden layers' gradients.
    /// </summary>
    /// <param name="parameters">The network.</param>
    /// <param name="gradient">Its gradient, overwritten.</param>
    /// <param name="input">[rows, inputs], as in the forward pass.</param>
    public void Backward(LayerViews parameters, LayerViews gradient, Matrix input)
    {
        for (var layer = _outputs.Length - 1; layer > 0; layer--)
        {
            gradient.Weights(layer).SetProduct(_outputs[layer - 1].Transposed, _deltas[layer].Tensor);
            _deltas[layer - 1].SetProduct(_deltas[layer].Tensor, parameters.Weights(layer).Transposed);
            Kernels.MaskAndSum(_deltas[layer - 1].Values, _outputs[layer - 1].Values, gradient.Biases(layer - 1));
        }
        gradient.Weights(0).SetProduct(input.Transposed, _deltas[0].Tensor);
    }

    /// <summary>From <see cref="LastDelta"/>, already masked, down to some of the inputs, leaving the parameters' gradients alone.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="inputWeights">The rows of its first weights that belong to the wanted inputs: [wanted, hidden].</param>
    /// <param name="rows">Row i of the deltas belongs to row rows[i] of the outputs of <paramref name="whole"/>; deltas after that are left over.</param>
    /// <param name="whole">The activations that these are the first rows of.</param>
    /// <param name="inputGradient">[rows, wanted]</param>
    public void BackwardToInput(LayerViews parameters, Matrix inputWeights, ReadOnlySpan<int> rows, Activations whole, Matrix inputGradient)
    {
        for (var layer = _outputs.Length - 1; layer > 0; layer--)
        {
            _deltas[layer - 1].SetProduct(_deltas[layer].Tensor, parameters.Weights(layer).Transposed);
            Kernels.MaskRows(_deltas[layer - 1].Values, whole._outputs[layer - 1].Values, rows, parameters.Biases(layer - 1).Length);
        }
        inputGradient.SetProduct(_deltas[0].Tensor, inputWeights.Transposed);
    }

    public void Dispose()
    {
        foreach (var matrix in _outputs.Concat(_deltas)) matrix.Dispose();
    }

    private void SetProduct(int layer, LayerViews parameters, Matrix input) =>
        _outputs[layer].SetProduct(layer == 0 ? input.Tensor : _outputs[layer - 1].Tensor, parameters.Weights(layer).Tensor);

    private static Matrix[] Hidden(NetworkShape shape, int rows) =>
        [.. Enumerable.Range(0, shape.Layers - 1).Select(layer => new Matrix(rows, shape.Out(layer)))];
}
