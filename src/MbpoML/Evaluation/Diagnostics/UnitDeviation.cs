using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>
/// Standard deviations as units of measurement. What varies by no more than the rounding of single precision counts as constant, and has the unit 1.
/// </summary>
/// <remarks>
/// Observations are single-precision numbers. A clock among them changes by the same amount at every step, but for rounding. In units of that rounding, a model
/// that is right to a millionth would seem wrong by thousands.
/// </remarks>
internal static class UnitDeviation
{
    // Four units in the last place of the largest number: a difference of two numbers is off by one at most.
    private const double Rounding = 4.0 / (1 << 23);

    /// <summary>The units of some columns.</summary>
    /// <param name="values">[rows, columns], in double precision.</param>
    /// <param name="largest">[columns]: the largest magnitudes of the single-precision numbers that the values were computed from.</param>
    /// <returns>[columns], moved to the caller's scope.</returns>
    public static Tensor Of(Tensor values, Tensor largest)
    {
        using var scope = NewDisposeScope();
        var deviation = (values - values.mean([0L])).Squared().mean([0L]).sqrt();
        return deviation.where(deviation.greater(largest.to(ScalarType.Float64).Times(Rounding)), ones_like(deviation)).MoveToOuterDisposeScope();
    }

    /// <summary>The unit of some numbers of single precision.</summary>
    public static double Of(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => Math.Pow(value - mean, 2)));
        return deviation > Rounding * values.Max(Math.Abs) ? deviation : 1;
    }
}
