using System.Globalization;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics;

namespace MbpoML.Training.Watches;

/// <summary>Compares logged transitions with the environment that a run goes on in: its bounds, and what its first steps show.</summary>
internal sealed class LogComparison(IEnvironment environment)
{
    /// <summary>So many transitions at a time are given to a function.</summary>
    public const int RowsAtOnce = 10_000;

    /// <summary>What to do about logged actions that do not fit.</summary>
    public const string ActionAdvice = "Give them in the units of IEnvironment.ActionSpace; where the environment clips actions, log what it did with them.";

    // Actions may miss their bounds by rounding: parts of the range.
    private const double Tolerance = 1e-4;

    // A log that fills less of the actions' range than this is in other units, or shows no effect of the action.
    private const double LeastPart = 1e-3;

    // Ranges that differ by this factor, or that lie so many times their widths apart.
    private const double Factor = 30, Apart = 3;

    private const int LeastRows = 20;

    private readonly BoxSpace _observations = environment.ObservationSpace, _actions = environment.ActionSpace;

    // [observation] and [observation]: lowest and highest of the log; empty where there is none.
    private double[] _low = [], _high = [];

    /// <summary>The log's ranges, for a checkpoint.</summary>
    public ReadOnlySpan<double> Ranges => (double[])[.. _low, .. _high];

    /// <summary>Takes the ranges of the logged observations.</summary>
    /// <param name="layout">Where each field stands.</param>
    /// <param name="rows">[rows, width], row-major</param>
    public void Measure(TransitionLayout layout, ReadOnlySpan<float> rows)
    {
        if (rows.Length < LeastRows * layout.Width) return;
        (_low, _high) = (new double[layout.ObservationSize], new double[layout.ObservationSize]);
        for (var index = 0; index < layout.ObservationSize; index++)
        {
            var (low, high) = Range(rows, layout.Width, index);
            var (nextLow, nextHigh) = Range(rows, layout.Width, layout.NextObservationOffset + index);
            (_low[index], _high[index]) = (Math.Min(low, nextLow), Math.Max(high, nextHigh));
        }
    }

    /// <returns>False where this environment has no such state.</returns>
    public bool Restore(double[] ranges)
    {
        if (ranges.Length != 0 && ranges.Length != 2 * _observations.Size) return false;
        (_low, _high) = (ranges[..(ranges.Length / 2)], ranges[(ranges.Length / 2)..]);
        return true;
    }

    /// <summary>Actions outside their bounds, and dimensions that the log hardly uses.</summary>
    /// <returns>Null where there is nothing to say.</returns>
    public string? DescribeActions(TransitionLayout layout, ReadOnlySpan<float> rows)
    {
        var texts = new List<string>();
        for (var index = 0; index < layout.ActionSize; index++)
        {
            var (low, high) = (_actions.Low[index], _actions.High[index]);
            var (lowest, highest) = Range(rows, layout.Width, layout.ActionOffset + index);
            var tolerance = Tolerance * (high - low);
            var (outside, first) = (0, -1);
            for (var (row, at) = (0, layout.ActionOffset + index); at < rows.Length; row++, at += layout.Width)
            {
                if (rows[at] >= low - tolerance && rows[at] <= high + tolerance) continue;
                outside++;
                if (first < 0) first = row;
            }

            var count = rows.Length / layout.Width;
            var range = string.Create(CultureInfo.InvariantCulture, $"{_actions.Tell("action", index)} lies between {lowest:g6} and {highest:g6}");
            if (outside > 0)
                texts.Add(
                    string.Create(CultureInfo.InvariantCulture,
                        $"{range}, outside its bounds {_actions.Describe(index)} in {outside} of {count} rows, first in row {first}"));
            else if (count >= LeastRows && highest - lowest < LeastPart * (high - low))
                texts.Add(
                    string.Create(CultureInfo.InvariantCulture,
                        $"{range}, which fills only {(highest - lowest) / (high - low):p2} of its bounds {_actions.Describe(index)}"));
        }

        return MessageText.Join(texts);
    }

    /// <summary>Logged observations far outside the environment's own bounds.</summary>
    /// <returns>Null where there is nothing to say.</returns>
    public string? DescribeBounds() => MessageText.Join(
        [.. Enumerable.Range(0, _low.Length).Where(index => IsFarOutside(index, _observations.Low[index], _observations.High[index]))
            .Select(index => string.Create(
            CultureInfo.InvariantCulture,
            $"{_observations.Tell("observation", index)} lies between {_low[index]:g6} and {_high[index]:g6} in the log, but the environment's " +
                $"ObservationSpace has the bounds {_observations.Describe(index)}"))]);

    /// <summary>Logged observations of quite another range than those of the real steps.</summary>
    /// <returns>Null where there is nothing to say.</returns>
    public string? DescribeRanges(TransitionStatistics real) => MessageText.Join(
        [.. Enumerable.Range(0, _low.Length).Where(index => Differs(index, real.Low(index), real.High(index))).Select(index => string.Create(
            CultureInfo.InvariantCulture,
            $"{_observations.Tell("observation", index)} lies between {_low[index]:g6} and {_high[index]:g6} in the log, but between {real.Low(index):g6} " +
                $"and {real.High(index):g6} in {real.Count} steps of the environment"))]);

    private bool IsFarOutside(int index, double low, double high)
    {
        // One more width on each side: bounds are often a little too narrow, and nobody clips to them.
        var width = high > low ? high - low : Math.Max(1, Math.Abs(low));
        return _low[index] < low - width || _high[index] > high + width;
    }

    private bool Differs(int index, double low, double high)
    {
        var (logged, real) = (_high[index] - _low[index], high - low);
        var gap = Math.Max(low - _high[index], _low[index] - high);
        var rounding = 1e-6 * Math.Max(Math.Abs(low), Math.Abs(high));
        if (gap > (Apart * (logged + real)) + rounding) return true;
        // What did not move in the first steps may do so later.
        return real > rounding && Math.Max(logged, real) > (Factor * Math.Min(logged, real)) + rounding;
    }

    private static (double Low, double High) Range(ReadOnlySpan<float> rows, int width, int offset)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var at = offset; at < rows.Length; at += width) (low, high) = (Math.Min(low, rows[at]), Math.Max(high, rows[at]));
        return (low, high);
    }
}
