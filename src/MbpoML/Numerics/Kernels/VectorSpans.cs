using System.Numerics;
using System.Runtime.InteropServices;

namespace MbpoML.Numerics.Kernels;

/// <summary>Spans of floats as vectors of the processor's width, and the rest that fills none.</summary>
internal static class VectorSpans
{
    /// <summary>The values that fill whole vectors, sharing memory.</summary>
    public static Span<Vector<float>> Vectors(this Span<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    /// <summary>The values that fill whole vectors, sharing memory.</summary>
    public static ReadOnlySpan<Vector<float>> Vectors(this ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    /// <summary>Where the values begin that fill no vector.</summary>
    public static int Tail(this ReadOnlySpan<float> values) => values.Length - (values.Length % Vector<float>.Count);
}
