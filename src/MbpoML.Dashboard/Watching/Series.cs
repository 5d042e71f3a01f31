using MbpoML.Dashboard.Runs;

namespace MbpoML.Dashboard.Watching;

/// <summary>A metric of a run as a curve: for each point its step, the seconds of training (-1 where they are not known) and its value.</summary>
internal sealed record Series(IReadOnlyList<long> Steps, IReadOnlyList<double> Seconds, IReadOnlyList<double> Values)
{
    /// <summary>
    /// The curve with at most so many points. Of each stretch the lowest and the highest stay, so that no peak is lost; the last one always does.
    /// </summary>
    /// <param name="table">The metrics of the run.</param>
    /// <param name="column">The metric.</param>
    /// <param name="mostPoints">At least 4.</param>
    public static Series Of(MetricsTable table, MetricColumn column, int mostPoints)
    {
        var kept = Kept(column.Values, mostPoints);
        var (steps, seconds, values) = (new long[kept.Count], new double[kept.Count], new double[kept.Count]);
        for (var point = 0; point < kept.Count; point++)
        {
            var row = column.Rows[kept[point]];
            (steps[point], seconds[point], values[point]) = (table.StepOf(row), Math.Round(table.SecondsAt(row) ?? -1, 1), column.Values[kept[point]]);
        }

        return new Series(steps, seconds, values);
    }

    private static List<int> Kept(ReadOnlySpan<double> values, int mostPoints)
    {
        var kept = new List<int>(Math.Min(values.Length, mostPoints));
        if (values.Length <= mostPoints)
        {
            for (var point = 0; point < values.Length; point++) kept.Add(point);
            return kept;
        }

        // First and last, and two of each stretch between them.
        var stretches = (mostPoints - 2) / 2;
        var inner = values.Length - 2;
        kept.Add(0);
        for (var stretch = 0; stretch < stretches; stretch++)
        {
            var (from, to) = (1 + (int)((long)inner * stretch / stretches), 1 + (int)((long)inner * (stretch + 1) / stretches));
            var (low, high) = (from, from);
            for (var point = from + 1; point < to; point++)
            {
                if (values[point] < values[low]) low = point;
                if (values[point] > values[high]) high = point;
            }

            kept.Add(Math.Min(low, high));
            if (low != high) kept.Add(Math.Max(low, high));
        }

        kept.Add(values.Length - 1);
        return kept;
    }
}
