using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;

namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>The memory of a block of an imagined step, whose forward pass is kept until the backward pass.</summary>
/// <remarks>
/// Matrix products take the rows that there are, rounded up to an eighth of the block, so that few views do for every number; the rows in excess are zero.
/// </remarks>
internal sealed class StepBlock : IDisposable
{
    /// <summary>The most rows of a block. Matrix products of so few rows lose little, and the rows of a batch spread over members and threads.</summary>
    public const int BlockRows = 32;

    private const int Parts = 8;
    private const int PartRows = BlockRows / Parts;

    private readonly Matrix _input, _inputGradient;
    private readonly NetworkPass _pass;
    private readonly (Matrix Input, NetworkPass Pass, Matrix InputGradient)?[] _parts = new (Matrix, NetworkPass, Matrix)?[Parts];

    /// <param name="shape">The shape of each member's network.</param>
    public StepBlock(NetworkShape shape)
    {
        (_input, _inputGradient) = (new Matrix(BlockRows, shape.Inputs), new Matrix(BlockRows, shape.Inputs));
        _pass = new NetworkPass(shape, BlockRows);
    }

    /// <summary>[block, in], standardised.</summary>
    public Span<float> Input => _input.Values;

    /// <summary>What the last layer gives, without its biases, and before the backward pass the derivative by it: [block, 2 outputs].</summary>
    public Span<float> Output => _pass.Output.Values;

    /// <summary>The derivative by <see cref="Input"/>: [block, in].</summary>
    public ReadOnlySpan<float> InputGradient => _inputGradient.Values;

    /// <summary>From the first rows of <see cref="Input"/> to those of <see cref="Output"/>.</summary>
    public void Forward(LayerViews member, int rows)
    {
        var part = Part(rows);
        part.Input.Values[(rows * part.Input.Values.Length / part.Rows)..].Clear();
        part.Pass.Forward(member, part.Input);
    }

    /// <summary>From the derivative in the first rows of <see cref="Output"/> to those of <see cref="InputGradient"/>.</summary>
    public void Backward(LayerViews member, int rows)
    {
        var part = Part(rows);
        part.Pass.Output.Values[(rows * part.Pass.Output.Values.Length / part.Rows)..].Clear();
        part.Pass.Backward(member);
        part.Pass.SetInputGradient(member.Weights(0), part.InputGradient);
    }

    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part?.Input.Dispose();
            part?.Pass.Dispose();
            part?.InputGradient.Dispose();
        }
        _input.Dispose();
        _inputGradient.Dispose();
        _pass.Dispose();
    }

    private (Matrix Input, NetworkPass Pass, Matrix InputGradient, int Rows) Part(int rows)
    {
        var index = (rows - 1) / PartRows;
        var count = (index + 1) * PartRows;
        var (input, pass, gradient) = _parts[index] ??= (_input.Rows(0, count), _pass.Rows(0, count), _inputGradient.Rows(0, count));
        return (input, pass, gradient, count);
    }
}
