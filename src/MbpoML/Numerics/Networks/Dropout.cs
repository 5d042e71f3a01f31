using MbpoML.Numerics.Random;

namespace MbpoML.Numerics.Networks;

/// <summary>
/// Which values of a layer are dropped, drawn from one stream row by row: the distance to the next dropped value is drawn, so rare ones cost next to nothing.
/// </summary>
/// <remarks>The number of values between two that are each chosen with probability p is geometric: ⌊log(u) / log(1 - p)⌋ for a uniform u.</remarks>
internal ref struct Dropout
{
    // No row is as long.
    private const double Farthest = int.MaxValue / 2;

    private readonly RandomSource _stream;
    private readonly double _perLogKept;
    private int _next;

    /// <param name="share">The share of values that are dropped, above 0 and below 1.</param>
    /// <param name="stream">Gives one number for each dropped value, and one more.</param>
    public Dropout(double share, RandomSource stream)
    {
        (_stream, _perLogKept) = (stream, 1 / Math.Log(1 - share));
        _next = Distance();
    }

    /// <summary>What the values that stay are multiplied with, so that the expectation stays.</summary>
    public static float Scale(double share) => (float)(1 / (1 - share));

    /// <summary>Sets the next values of the layer to zero where they are dropped.</summary>
    /// <param name="values">Row-major.</param>
    /// <param name="derivatives">As many, which are set to zero in the same places.</param>
    public void Drop(Span<float> values, Span<float> derivatives)
    {
        for (; _next < values.Length; _next += 1 + Distance()) (values[_next], derivatives[_next]) = (0, 0);
        _next -= values.Length;
    }

    /// <summary>The factors of a whole layer as tensor operations take them.</summary>
    /// <param name="factors">[rows, units]: 0 where a value is dropped, else <see cref="Scale"/>.</param>
    /// <param name="share">The share of values that are dropped, from 0 to below 1.</param>
    /// <param name="stream">The draws are those of a pass that is given a stream of the same state.</param>
    public static void Mask(Span<float> factors, double share, RandomSource stream)
    {
        factors.Fill(Scale(share));
        if (share > 0) new Dropout(share, stream).Drop(factors, factors);
    }

    private int Distance() => (int)Math.Min(Farthest, Math.Log(1 - _stream.NextDouble()) * _perLogKept);
}
