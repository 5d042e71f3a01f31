using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MbpoML.Dynamics.Compiled;

/// <summary>Columns of one constant, as ML.NET's <c>Expression</c> transformer gives them.</summary>
/// <remarks>
/// ML.NET reads the real numbers of an expression by the current culture, so a text such as <c>0.5</c> cannot be loaded where the decimal separator is a comma.
/// It reads whole numbers digit by digit. A float is a whole number below 2^24 times a power of two, so whole numbers say it exactly, and the file loads
/// everywhere.
/// </remarks>
internal static class ConstantExpression
{
    /// <summary>
    /// The names of columns that hold a constant begin with one of these: so a fitted pipeline can be read without looking into its expressions.
    /// </summary>
    private static readonly string[] Prefixes = ["MbpoDeviation", "MbpoConstant"];

    // The mantissa's digits, and the exponent of the smallest float, 2^-149.
    private const int MantissaBits = 23;
    private const int LeastExponent = -149;

    // float(2^30) is exact, and a whole number of ML.NET's expressions has 32 bits.
    private const int LargestShift = 30;

    /// <summary>Whether a column of this name is a constant that this class made.</summary>
    public static bool Names(string column) => Prefixes.Any(prefix => column.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>A column of one constant.</summary>
    /// <param name="mlContext">Makes the estimator.</param>
    /// <param name="name">The column's name; it begins as <see cref="Names"/> wants it.</param>
    /// <param name="value">Finite.</param>
    /// <param name="carrier">Any column of type Single: an expression needs one, though this one does not use it.</param>
    public static ExpressionEstimator Column(MLContext mlContext, string name, float value, string carrier) =>
        mlContext.Transforms.Expression(name, $"carrier : {Text(value)}", carrier);

    /// <summary>A number as an expression of type Single that holds digits, but no decimal separator.</summary>
    /// <param name="value">Finite.</param>
    public static string Text(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(Math.Abs(value));
        var (exponent, mantissa) = ((int)(bits >> MantissaBits), bits & ((1u << MantissaBits) - 1));
        // Numbers below the normal ones have no leading digit of their own.
        if (exponent > 0) mantissa |= 1u << MantissaBits;
        var shift = Math.Max(exponent, 1) - 1 + LeastExponent;
        for (; shift < 0 && mantissa % 2 == 0 && mantissa != 0; shift++) mantissa /= 2;
        var text = Whole(mantissa);
        for (; mantissa != 0 && shift != 0; shift -= Math.Sign(shift) * Math.Min(Math.Abs(shift), LargestShift))
            text += (shift < 0 ? " / " : " * ") + Whole(1u << Math.Min(Math.Abs(shift), LargestShift));
        return value < 0 ? $"-({text})" : text;
    }

    private static string Whole(uint value) => string.Create(CultureInfo.InvariantCulture, $"float({value})");
}
