using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Numerics.Networks;

/// <summary>
/// The memory of a fixed number of rows on their forward and backward pass through one network, on the CPU: neither pass allocates anything.
/// </summary>
/// <remarks>
/// The same mathematics as <see cref="LayerTensors"/> under automatic differentiation; results differ by rounding only. Blocks of rows may go side by side on
/// several threads, each with a gradient of its own. A backward pass overwrites what the forward pass kept, so there is one for each.
/// </remarks>
internal sealed class NetworkPass : IDisposable
{
    private readonly HiddenPass[] _hidden;

    /// <param name="shape">The shape of the network.</param>
    /// <param name="rows">At least 1.</param>
    public NetworkPass(NetworkShape shape, int rows)
        : this([.. shape.Hidden.Select(layer => HiddenPass.Create(layer, rows))], new Matrix(rows, shape.Outputs))
    {
    }

    private NetworkPass(HiddenPass[] hidden, Matrix output) => (_hidden, Output) = (hidden, output);

    /// <summary>
    /// What the last layer gives, without its biases, which heads add in a pass of their own. Before the backward pass the caller replaces it by the derivative
    /// of the loss. [rows, outputs]
    /// </summary>
    public Matrix Output { get; }

    /// <summary>The last hidden layer.</summary>
    public HiddenPass Last => _hidden[^1];

    /// <summary>The number of hidden layers.</summary>
    public int HiddenCount => _hidden.Length;

    /// <summary>A hidden layer, first to last.</summary>
    public HiddenPass Hidden(int layer) => _hidden[layer];

    /// <summary>A block of the rows, sharing memory; disposed by the caller.</summary>
    public NetworkPass Rows(int start, int count) => new([.. _hidden.Select(layer => layer.Rows(start, count))], Output.Rows(start, count));

    /// <summary>From inputs to <see cref="Output"/>.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="input">[rows, in]</param>
    /// <param name="dropout">Where dropped units are drawn from, or null for a pass without dropout.</param>
    public void Forward(LayerViews parameters, Matrix input, RandomSource? dropout = null)
    {
        ForwardHidden(parameters, input, _hidden.Length, dropout);
        Output.SetProduct(Last.Output, parameters.Weights(_hidden.Length));
    }

    /// <summary>From inputs to the values of a network of one output, biases included; <see cref="Output"/> is left alone.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="input">[rows, in]</param>
    /// <param name="values">[rows]</param>
    /// <param name="dropout">Where dropped units are drawn from, or null for a pass without dropout.</param>
    public void ForwardValues(LayerViews parameters, Matrix input, Span<float> values, RandomSource? dropout = null)
    {
        var last = _hidden.Length - 1;
        ForwardHidden(parameters, input, last, dropout);
        SetProduct(last, parameters, input);
        Last.ForwardDot(parameters.Biases(last), parameters.LastWeights, parameters.Biases(last + 1)[0], dropout, values);
    }

    /// <summary>
    /// From the derivative in <see cref="Output"/> down to the gradient of all layers, except the last layer's biases, which heads sum up in a pass of their
    /// own.
    /// </summary>
    /// <param name="parameters">The network.</param>
    /// <param name="gradient">The gradient of the network.</param>
    /// <param name="input">[rows, in], as in the forward pass.</param>
    /// <param name="accumulate">Whether the gradient is added to what is there or replaces it.</param>
    public void Backward(LayerViews parameters, LayerViews gradient, Matrix input, bool accumulate = false)
    {
        var last = _hidden.Length;
        SetGradient(gradient.Weights(last), Last.Output, Output, accumulate);
        Last.Delta.SetProduct(Output, parameters.Weights(last).Transposed);
        Last.Backward(Fresh(gradient.Biases(last - 1), accumulate));
        BackwardHidden(parameters, gradient, input, accumulate);
    }

    /// <summary>From the derivative by the values of a network of one output down to the gradient of all layers, except the last layer's bias.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="gradient">The gradient of the network.</param>
    /// <param name="input">[rows, in], as in the forward pass.</param>
    /// <param name="valueDelta">[rows]</param>
    /// <param name="accumulate">Whether the gradient is added to what is there or replaces it.</param>
    public void BackwardValues(LayerViews parameters, LayerViews gradient, Matrix input, ReadOnlySpan<float> valueDelta, bool accumulate = false)
    {
        var last = _hidden.Length;
        Last.BackwardDot(
            valueDelta, parameters.LastWeights, Fresh(gradient.LastWeights, accumulate), Fresh(gradient.Biases(last - 1), accumulate));
        BackwardHidden(parameters, gradient, input, accumulate);
    }

    /// <summary>From the derivative in <see cref="Output"/> down to the first hidden layer's sums, leaving the parameters' gradient alone.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="transposed">The weights of each layer [out, in], where somebody keeps them; a product has to turn the others first.</param>
    public void Backward(LayerViews parameters, Matrix[]? transposed = null)
    {
        Last.Delta.SetProduct(Output, Transposed(parameters, transposed, _hidden.Length));
        Last.Backward([]);
        BackwardHidden(parameters, transposed);
    }

    /// <summary>
    /// From the derivative by the values of a network of one output down to the first hidden layer's sums, leaving the parameters' gradient alone.
    /// </summary>
    /// <param name="parameters">The network.</param>
    /// <param name="valueDelta">[rows]</param>
    public void BackwardValues(LayerViews parameters, ReadOnlySpan<float> valueDelta)
    {
        Last.BackwardDot(valueDelta, parameters.LastWeights, [], []);
        BackwardHidden(parameters, transposed: null);
    }

    /// <summary>After any backward pass, the derivative of the loss by inputs.</summary>
    /// <param name="inputWeights">The first layer's weights, or those rows of them that belong to the wanted inputs: [wanted, units].</param>
    /// <param name="inputGradient">[rows, wanted]</param>
    /// <param name="accumulate">Whether it is added to what is there or replaces it.</param>
    public void SetInputGradient(Matrix inputWeights, Matrix inputGradient, bool accumulate = false)
    {
        if (accumulate) inputGradient.AddProduct(_hidden[0].Delta, inputWeights.Transposed);
        else inputGradient.SetProduct(_hidden[0].Delta, inputWeights.Transposed);
    }

    public void Dispose()
    {
        foreach (var layer in _hidden) layer.Dispose();
        Output.Dispose();
    }

    private void ForwardHidden(LayerViews parameters, Matrix input, int count, RandomSource? dropout)
    {
        for (var layer = 0; layer < count; layer++)
        {
            SetProduct(layer, parameters, input);
            _hidden[layer].Forward(parameters.Biases(layer), dropout);
        }
    }

    private void BackwardHidden(LayerViews parameters, LayerViews gradient, Matrix input, bool accumulate)
    {
        for (var layer = _hidden.Length - 1; layer > 0; layer--)
        {
            // Before the layer below forgets its output.
            SetGradient(gradient.Weights(layer), _hidden[layer - 1].Output, _hidden[layer].Delta, accumulate);
            _hidden[layer - 1].Delta.SetProduct(_hidden[layer].Delta, parameters.Weights(layer).Transposed);
            _hidden[layer - 1].Backward(Fresh(gradient.Biases(layer - 1), accumulate));
        }
        SetGradient(gradient.Weights(0), input, _hidden[0].Delta, accumulate);
    }

    private void BackwardHidden(LayerViews parameters, Matrix[]? transposed)
    {
        for (var layer = _hidden.Length - 1; layer > 0; layer--)
        {
            _hidden[layer - 1].Delta.SetProduct(_hidden[layer].Delta, Transposed(parameters, transposed, layer));
            _hidden[layer - 1].Backward([]);
        }
    }

    private static Matrix.Factor Transposed(LayerViews parameters, Matrix[]? transposed, int layer) =>
        transposed is null ? parameters.Weights(layer).Transposed : transposed[layer];

    private void SetProduct(int layer, LayerViews parameters, Matrix input) =>
        _hidden[layer].Output.SetProduct(layer == 0 ? input : _hidden[layer - 1].Output, parameters.Weights(layer));

    private static void SetGradient(Matrix gradient, Matrix input, Matrix delta, bool accumulate)
    {
        if (accumulate) gradient.AddProduct(input.Transposed, delta);
        else gradient.SetProduct(input.Transposed, delta);
    }

    // Sums are always added: where they replace what is there, they begin at zero.
    private static Span<float> Fresh(Span<float> gradient, bool accumulate)
    {
        if (!accumulate) gradient.Clear();
        return gradient;
    }
}
