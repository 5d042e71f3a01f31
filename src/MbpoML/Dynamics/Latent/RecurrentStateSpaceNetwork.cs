using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>
/// The networks of a recurrent state-space model. h is the memory, s the drawn part of the state, e the encoded frame and a the action before it.
/// h' = GRU(relu(W [s, a]), h). The prior is N(s' | h'), the posterior N(s' | h', e). Frame and reward come from [h', s'].
/// </summary>
/// <remarks>
/// After the official code (models/rssm.py, networks/conv_ha.py, networks/basic.py). The prior comes from the new memory ("future_mix", which came with the
/// final version of the paper). First weights are uniform as X. Glorot and Y. Bengio (AISTATS 2010) have them, biases 0, as TensorFlow's layers begin.
/// Products with what is known before the first step, actions and frames, are functions of their own, so that training does them in one batch.
/// </remarks>
internal sealed class RecurrentStateSpaceNetwork : IDisposable
{
    private readonly FlatParameters _parameters = new();
    private readonly Layer[] _encoder, _decoder, _reward;
    private readonly Layer _action, _embedding, _prior, _priorHead, _posteriorHead, _decoderInput;
    private readonly int _state, _memory;
    private readonly GatedRecurrentUnit _unit;

    /// <param name="shape">The sizes.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="generator">Draws the first weights; null: all are 0 until they are set.</param>
    public RecurrentStateSpaceNetwork(RecurrentStateSpaceShape shape, Device device, Generator? generator)
    {
        Shape = shape;
        var (h, s, hidden, m) = (shape.Deterministic, shape.Stochastic, shape.Hidden, shape.ActionSpace.Size);
        _encoder = [.. Inputs(shape.Frames.Channels, shape.EncoderFilters).Select(layer => Filters(layer.In, layer.Out, (shape.EncoderKernel,
            shape.EncoderKernel), isTransposed: false))];
        // One layer reads [s, a], and another [h, e]: the parts of each are drawn as those of the whole.
        _state = Weights(s, hidden, s + m, hidden);
        _action = Dense(m, hidden, s + m, hidden);
        _unit = new GatedRecurrentUnit(_parameters, hidden, h);
        _prior = Dense(h, hidden);
        _priorHead = Dense(hidden, 2 * s, hidden, s);
        _memory = Weights(h, hidden, h + shape.Embedding, hidden);
        _embedding = Dense(shape.Embedding, hidden, h + shape.Embedding, hidden);
        _posteriorHead = Dense(hidden, 2 * s, hidden, s);
        _decoderInput = Dense(shape.Belief, shape.DecoderInputs);
        _decoder = [.. Inputs(shape.DecoderInputs, shape.DecoderFilters).Zip(shape.DecoderKernels)
            .Select(layer => Filters(layer.First.In, layer.First.Out, layer.Second, isTransposed: true))];
        _reward = [.. Inputs(shape.Belief, [.. shape.RewardHidden, 1]).Select(layer => Dense(layer.In, layer.Out))];
        _parameters.Allocate(device, generator);
        if (generator is not null) _unit.Initialize(Leaves);
    }

    public RecurrentStateSpaceShape Shape { get; }

    /// <summary>All parameters in one dimension.</summary>
    public Tensor Flat => _parameters.Flat;

    /// <summary>The same memory as leaves of autograd.</summary>
    public IReadOnlyList<Tensor> Leaves => _parameters.Leaves;

    /// <summary>e.</summary>
    /// <param name="pixels">[rows, channels, height, width], from <see cref="FramePixels.Read"/>.</param>
    /// <returns>[rows, embedding]</returns>
    public Tensor Encode(Tensor pixels)
    {
        var value = pixels;
        foreach (var layer in _encoder) value = StridedConvolution.Convolve(value, Leaves[layer.Weights], Leaves[layer.Biases]).relu();
        return value.flatten(1);
    }

    /// <summary>What frames add to the hidden layer of the posterior, its bias included.</summary>
    /// <param name="embedding">e, [rows, embedding]</param>
    /// <returns>[rows, hidden]</returns>
    public Tensor ReadFrames(Tensor embedding) => Apply(_embedding, embedding);

    /// <summary>What actions add to the layer before the memory, its bias included.</summary>
    /// <param name="action">[rows, action], between -1 and 1.</param>
    /// <returns>[rows, hidden]</returns>
    public Tensor ReadActions(Tensor action) => Apply(_action, action);

    /// <summary>h'.</summary>
    /// <param name="memory">h, [rows, deterministic]</param>
    /// <param name="state">s, [rows, stochastic]</param>
    /// <param name="action">From <see cref="ReadActions"/>.</param>
    public Tensor Remember(Tensor memory, Tensor state, Tensor action) =>
        _unit.Step(Leaves, addmm(action, state, Leaves[_state], 1, 1).relu(), memory);

    /// <summary>N(s' | h', e).</summary>
    /// <param name="memory">h', [rows, deterministic]</param>
    /// <param name="frame">From <see cref="ReadFrames"/>.</param>
    public LatentNormal Posterior(Tensor memory, Tensor frame) => Head(Apply(_posteriorHead, addmm(frame, memory, Leaves[_memory], 1, 1).relu()));

    /// <summary>N(s' | h').</summary>
    /// <param name="memory">h', [rows, deterministic]</param>
    public LatentNormal Prior(Tensor memory) => Head(Apply(_priorHead, Apply(_prior, memory).relu()));

    /// <summary>The mean of the frame, about ±½.</summary>
    /// <param name="belief">[h, s], [rows, belief]</param>
    /// <returns>[rows, channels, height, width]</returns>
    public Tensor Decode(Tensor belief)
    {
        var value = Apply(_decoderInput, belief).unsqueeze(2).unsqueeze(3);
        foreach (var (index, layer) in _decoder.Index())
        {
            value = StridedConvolution.Transpose(value, Leaves[layer.Weights], Leaves[layer.Biases]);
            if (index + 1 < _decoder.Length) value = value.relu();
        }

        return value;
    }

    /// <summary>The mean of the reward that comes with a state.</summary>
    /// <param name="belief">[h, s], [rows, belief]</param>
    /// <returns>[rows]</returns>
    public Tensor Reward(Tensor belief)
    {
        var value = belief;
        foreach (var (index, layer) in _reward.Index())
        {
            if (index > 0) value = value.relu();
            value = Apply(layer, value);
        }

        return value.squeeze(1);
    }

    public void Dispose() => _parameters.Dispose();

    /// <summary>The parameters by what they are for, as arrays in the order of torch: for graphs of other runtimes.</summary>
    internal RecurrentStateSpaceArrays ToArrays()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return new RecurrentStateSpaceArrays(
            [.. _encoder.Select(Arrays)], Array(_state), Arrays(_action), _unit.ToArrays(Array), Arrays(_prior), Arrays(_priorHead), Array(_memory),
            Arrays(_embedding), Arrays(_posteriorHead), [.. _reward.Select(Arrays)]);

        (float[] Weights, float[] Biases) Arrays(Layer layer) => (Array(layer.Weights), Array(layer.Biases));
        float[] Array(int index) => Leaves[index].detach().cpu().contiguous().data<float>().ToArray();
    }

    private static IEnumerable<(int In, int Out)> Inputs(int first, int[] outputs) =>
        outputs.Select((output, index) => (index == 0 ? first : outputs[index - 1], output));

    private Tensor Apply(Layer layer, Tensor input) => addmm(Leaves[layer.Biases], input, Leaves[layer.Weights], 1, 1);

    private LatentNormal Head(Tensor output)
    {
        var size = Shape.Stochastic;
        return new LatentNormal(output.narrow(1, 0, size), output.narrow(1, size, size).Softplus().Plus(Shape.LeastDeviation));
    }

    private Layer Dense(int inputs, int outputs) => Dense(inputs, outputs, inputs, outputs);

    private Layer Dense(int inputs, int outputs, int fanIn, int fanOut) =>
        new(Weights(inputs, outputs, fanIn, fanOut), _parameters.Add([outputs], bound: 0));

    private int Weights(int inputs, int outputs, int fanIn, int fanOut) => _parameters.Add([inputs, outputs], Glorot.Bound(fanIn, fanOut));

    private Layer Filters(int inputs, int outputs, (int Height, int Width) kernel, bool isTransposed)
    {
        var area = kernel.Height * kernel.Width;
        long[] shape = isTransposed ? [inputs, outputs, kernel.Height, kernel.Width] : [outputs, inputs, kernel.Height, kernel.Width];
        return new Layer(_parameters.Add(shape, Glorot.Bound(area * inputs, area * outputs)), _parameters.Add([outputs], bound: 0));
    }

    // Places in the parameters.
    private readonly record struct Layer(int Weights, int Biases);
}
