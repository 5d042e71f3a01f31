using System.Numerics;

namespace MbpoML.Numerics.Kernels;

/// <summary>Elementary functions of float vectors, accurate to some units in the last place and several times faster than through double precision.</summary>
internal static class VectorMath
{
    // Beyond it the exponential or its reciprocal is no normal number any more.
    private const float Largest = 87;

    // Added and subtracted again, it rounds to a whole number, which then stands in the lowest bits.
    private const float Rounding = 3 << 22;
    private const int MantissaBits = 23;

    // ln 2 in two parts: a multiple of the first is exact for every exponent.
    private const float Ln2High = 355f / 512, Ln2Low = (float)(0.693147180559945309 - (355.0 / 512));

    /// <summary>e^x; beyond ±87 that of ±87, and not a number where x is none.</summary>
    public static Vector<float> Exp(Vector<float> x)
    {
        // In this order of arguments the native operations keep what is not a number.
        x = Vector.MinNative(new Vector<float>(Largest), Vector.MaxNative(new Vector<float>(-Largest), x));
        // e^x = 2^n e^r with a whole n and |r| at most ln 2 / 2, where seven terms of the series leave an error below the rounding.
        var shifted = Vector.MultiplyAddEstimate(x, new Vector<float>(1.44269504f), new Vector<float>(Rounding));
        var n = shifted - new Vector<float>(Rounding);
        var r = Vector.MultiplyAddEstimate(n, new Vector<float>(-Ln2Low), Vector.MultiplyAddEstimate(n, new Vector<float>(-Ln2High), x));
        var series = new Vector<float>(1f / 5040);
        series = Vector.MultiplyAddEstimate(series, r, new Vector<float>(1f / 720));
        series = Vector.MultiplyAddEstimate(series, r, new Vector<float>(1f / 120));
        series = Vector.MultiplyAddEstimate(series, r, new Vector<float>(1f / 24));
        series = Vector.MultiplyAddEstimate(series, r, new Vector<float>(1f / 6));
        series = Vector.MultiplyAddEstimate(series, r, new Vector<float>(1f / 2));
        series = Vector.MultiplyAddEstimate(series, r, Vector<float>.One);
        series = Vector.MultiplyAddEstimate(series, r, Vector<float>.One);
        return Vector.AsVectorSingle(Vector.AsVectorInt32(series) + (Vector.AsVectorInt32(shifted) << MantissaBits));
    }

    /// <summary>1 / (1 + e^-x)</summary>
    public static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Exp(-x));

    /// <summary>The hyperbolic tangent.</summary>
    /// <remarks>The polynomial of S. L. Moshier's Cephes library (single/tanhf.c) where the exponentials would cancel.</remarks>
    public static Vector<float> Tanh(Vector<float> x)
    {
        var size = Vector.Abs(x);
        var large = Vector.CopySign(Vector<float>.One - (new Vector<float>(2) / (Exp(size + size) + Vector<float>.One)), x);
        var square = x * x;
        var series = new Vector<float>(-5.70498872745e-3f);
        series = Vector.MultiplyAddEstimate(series, square, new Vector<float>(2.06390887954e-2f));
        series = Vector.MultiplyAddEstimate(series, square, new Vector<float>(-5.37397155531e-2f));
        series = Vector.MultiplyAddEstimate(series, square, new Vector<float>(1.33314422036e-1f));
        series = Vector.MultiplyAddEstimate(series, square, new Vector<float>(-3.33332819422e-1f));
        return Vector.ConditionalSelect(Vector.LessThan(size, new Vector<float>(0.625f)), Vector.MultiplyAddEstimate(series * square, x, x), large);
    }

    /// <summary>log(1 + e^x), and its derivative, the sigmoid.</summary>
    public static (Vector<float> Value, Vector<float> Derivative) Softplus(Vector<float> x)
    {
        // d = e^-|x| is at most 1, so nothing overflows.
        var decay = Exp(-Vector.Abs(x));
        var sum = Vector<float>.One + decay;
        var positive = Vector.GreaterThan(x, Vector<float>.Zero);
        return (Vector.Max(x, Vector<float>.Zero) + Vector.Log(sum), Vector.ConditionalSelect(positive, Vector<float>.One, decay) / sum);
    }
}
