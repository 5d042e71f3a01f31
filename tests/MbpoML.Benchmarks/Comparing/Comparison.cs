using System.Diagnostics;
using System.Globalization;
using MbpoML.Benchmarks.Reporting;
using TorchSharp;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// Measures variants of the same work in turn, round by round, so that what else the machine does meets all of them alike; the ratios are what counts.
/// </summary>
/// <param name="title">What is compared, sizes included.</param>
/// <param name="unit">One unit of work, in the plural.</param>
/// <param name="variants">The first one is what the others are set against.</param>
internal sealed class Comparison(string title, string unit, IReadOnlyList<Variant> variants)
{
    private const double RoundSeconds = 0.5;

    /// <summary>Runs all rounds and prints units a second and ratios.</summary>
    /// <param name="rounds">Each runs every variant for about half a second; medians are over rounds.</param>
    /// <returns>For each variant its median rate, in units a second.</returns>
    public IReadOnlyDictionary<string, double> Run(int rounds)
    {
        var units = variants.Select(CalibratedUnits).ToArray();
        var rates = variants.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
            for (var index = 0; index < variants.Count; index++)
                rates[index][round] = units[index] / Seconds(variants[index], units[index]);
        Print(rates);
        return variants.Zip(rates).ToDictionary(pair => pair.First.Name, pair => Median(pair.Second));
    }

    // Doubles the work until it lasts long enough to be timed, which also warms everything up.
    private static int CalibratedUnits(Variant variant)
    {
        for (var units = 1; ; units *= 2)
        {
            var seconds = Seconds(variant, units);
            if (seconds > RoundSeconds / 4) return Math.Max(1, (int)(units * RoundSeconds / seconds));
        }
    }

    private static double Seconds(Variant variant, int units)
    {
        var threads = torch.get_num_threads();
        torch.set_num_threads(variant.Threads);
        var start = Stopwatch.GetTimestamp();
        variant.Run(units);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        torch.set_num_threads(threads);
        return seconds;
    }

    // Ratios are taken within each round, before the median: a slow moment then slows both sides.
    private void Print(double[][] rates)
    {
        var table = new MarkdownTable("variant", $"{unit}/s", $"x {variants[0].Name}", "lowest to highest ratio");
        for (var index = 0; index < variants.Count; index++)
        {
            var ratios = rates[index].Zip(rates[0], (rate, reference) => rate / reference).ToArray();
            table.Add(variants[index].Name, MarkdownTable.Number(Median(rates[index])), Ratio(Median(ratios)),
                $"{Ratio(ratios.Min())} to {Ratio(ratios.Max())}");
        }
        table.Print(title);
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Ratio(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
