using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;

namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>A fixed number of rows of a member's bootstrap sample, and the memory of their way through it and back.</summary>
internal sealed class Minibatch : IDisposable
{
    private readonly float[] _targets;
    private readonly int _targetSize;

    /// <param name="shape">The shape of each member's network.</param>
    /// <param name="rows">The rows of a minibatch.</param>
    public Minibatch(NetworkShape shape, int rows)
    {
        (Input, Pass) = (new Matrix(rows, shape.Inputs), new NetworkPass(shape, rows));
        (RowCount, _targetSize) = (rows, shape.Outputs / 2);
        _targets = new float[rows * _targetSize];
    }

    private Minibatch(Minibatch whole, int rows)
    {
        (Input, Pass) = (whole.Input.Rows(0, rows), whole.Pass.Rows(0, rows));
        (RowCount, _targetSize, _targets) = (rows, whole._targetSize, whole._targets);
    }

    public int RowCount { get; }

    /// <summary>[rows, in]</summary>
    public Matrix Input { get; }

    /// <summary>Its output is [rows, 2 outputs].</summary>
    public NetworkPass Pass { get; }

    /// <summary>[rows, outputs]</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, RowCount * _targetSize);

    /// <summary>A minibatch of fewer rows in the same memory.</summary>
    public Minibatch Rows(int rows) => new(this, rows);

    /// <summary>Fetches the rows of the minibatch.</summary>
    /// <param name="inputs">[data, in]</param>
    /// <param name="targets">[data, outputs]</param>
    /// <param name="numbers">Which rows of the data; as many as the minibatch has.</param>
    public void Gather(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<long> numbers)
    {
        var input = Input.Values;
        var width = input.Length / RowCount;
        for (var row = 0; row < numbers.Length; row++)
        {
            var number = (int)numbers[row];
            inputs.Slice(number * width, width).CopyTo(input[(row * width)..]);
            targets.Slice(number * _targetSize, _targetSize).CopyTo(_targets.AsSpan(row * _targetSize));
        }
    }

    public void Dispose()
    {
        Input.Dispose();
        Pass.Dispose();
    }
}
