using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>
/// A gated recurrent unit (K. Cho et al., EMNLP 2014): r, u = σ(W [x, h]); c = tanh(W [x, r·h]); h' = u·h + (1 - u)·c.
/// </summary>
/// <remarks>
/// The reset gate r acts on h before the product, as in the equations of its authors and in TensorFlow's GRUBlockCell, which the official code uses. PyTorch's
/// GRU, which most rewritings of PlaNet take, applies r after the product: c = tanh(W x + r·(U h)). There one product serves all gates, which costs a little
/// less and learns much the same. We keep to the official code, so that its settings mean the same here. As there, the gates begin with a bias of 1: the unit
/// first remembers.
/// </remarks>
internal sealed class GatedRecurrentUnit
{
    private readonly int _inputs, _size, _input, _bias, _gates, _candidate;

    /// <param name="parameters">Receive its own.</param>
    /// <param name="inputs">The size of x.</param>
    /// <param name="size">The size of h.</param>
    public GatedRecurrentUnit(FlatParameters parameters, int inputs, int size)
    {
        (_inputs, _size) = (inputs, size);
        _input = parameters.Add([inputs, 3L * size], Glorot.Bound(inputs + size, 2 * size));
        _bias = parameters.Add([3L * size], bound: 0);
        _gates = parameters.Add([size, 2L * size], Glorot.Bound(inputs + size, 2 * size));
        _candidate = parameters.Add([size, size], Glorot.Bound(inputs + size, size));
    }

    /// <summary>Sets what begins otherwise than as drawn: the bias of the gates, and the candidate's part of the joint matrix.</summary>
    /// <param name="leaves">The parameters.</param>
    public void Initialize(IReadOnlyList<Tensor> leaves)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        leaves[_bias].narrow(0, 0, 2L * _size).FillInPlace(1);
        leaves[_input].narrow(1, 2L * _size, _size).MultiplyInPlace(Glorot.Bound(_inputs + _size, _size) / Glorot.Bound(_inputs + _size, 2 * _size));
    }

    /// <summary>h'.</summary>
    /// <param name="leaves">The parameters.</param>
    /// <param name="input">x, [rows, inputs]</param>
    /// <param name="memory">h, [rows, size]</param>
    public Tensor Step(IReadOnlyList<Tensor> leaves, Tensor input, Tensor memory)
    {
        var parts = addmm(leaves[_bias], input, leaves[_input], 1, 1);
        var gates = addmm(parts.narrow(1, 0, 2L * _size), memory, leaves[_gates], 1, 1).sigmoid();
        var (reset, keep) = (gates.narrow(1, 0, _size), gates.narrow(1, _size, _size));
        var candidate = addmm(parts.narrow(1, 2L * _size, _size), reset * memory, leaves[_candidate], 1, 1).tanh();
        return candidate.Plus(keep * (memory - candidate));
    }

    /// <summary>Input weights [inputs, 3 size], bias [3 size], weights of the gates [size, 2 size] and the candidate [size, size].</summary>
    public (float[] Input, float[] Bias, float[] Gates, float[] Candidate) ToArrays(Func<int, float[]> array) =>
        (array(_input), array(_bias), array(_gates), array(_candidate));
}
