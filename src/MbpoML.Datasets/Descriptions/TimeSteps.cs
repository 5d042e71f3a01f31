namespace MbpoML.Datasets.Descriptions;

/// <summary>The times between the rows of a log.</summary>
internal sealed class TimeSteps
{
    // As the log's readers take it by default.
    private const double Tolerance = 0.1;

    public TimeSteps(DescribedColumn times, IReadOnlyList<int> starts)
    {
        var begins = starts.ToHashSet();
        double[] steps = [.. Enumerable.Range(1, Math.Max(0, times.Rows - 1)).Where(row => !begins.Contains(row))
            .Select(row => times.Numbers[row] - times.Numbers[row - 1])];
        double[] forward = [.. steps.Where(step => step > 0).Order()];
        (Equal, Backward) = (steps.Count(step => step == 0), steps.Count(step => step < 0));
        if (forward.Length == 0) return;
        (Median, Longest) = (forward[forward.Length / 2], forward[^1]);
        Gaps = forward.Count(step => Math.Abs(step - Median.Value) > Tolerance * Median);
    }

    public double? Median { get; }

    public double? Longest { get; }

    public int Gaps { get; }

    public int Equal { get; }

    public int Backward { get; }
}
