using System.Globalization;
using MbpoML.Experiments.Reports;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>How the standard deviation over runs stands in a table.</summary>
internal static class RunSpread
{
    /// <summary>What stands where there is no number.</summary>
    public const string None = "-";

    /// <summary>The sample's standard deviation; a single run has none.</summary>
    public static string Text(IReadOnlyList<double> runs) => runs.Count < 2 ? None : Number(SeedSpread.Deviation(runs));

    /// <summary>A number of about one: with three decimals, and a large one, such as the error of a model that diverges, in short.</summary>
    public static string Number(double value) => value.ToString(Math.Abs(value) < 1e4 ? "F3" : "0.00e0", CultureInfo.InvariantCulture);
}
