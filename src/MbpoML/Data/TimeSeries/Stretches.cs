using MbpoML.Numerics;

namespace MbpoML.Data.TimeSeries;

/// <summary>Cuts a log where its rows do not follow each other: at gaps, restarts, other episodes, missing values and ends of the task.</summary>
internal sealed class Stretches
{
    private readonly Samples _samples;
    private readonly TimeSeriesLog.Options _options;

    /// <exception cref="ArgumentException">Times do not rise, values are missing, or the sampling time is no multiple of the log's.</exception>
    public Stretches(Samples samples, TimeSeriesLog.Options options)
    {
        (_samples, _options) = (samples, options);
        if (!options.SkipsMissing) RequireValues();
        RowTime = samples.HasTimes ? MedianStep() : 1;
        RowsPerStep = Multiple();
        All = [.. Cut()];
    }

    public IReadOnlyList<Stretch> All { get; }

    /// <summary>The median time between two rows.</summary>
    public double RowTime { get; }

    /// <summary>The rows of a step.</summary>
    public int RowsPerStep { get; }

    /// <summary>The places where time jumps or values are missing.</summary>
    public int Gaps { get; private set; }

    /// <summary>The places where another episode begins or the clock goes back.</summary>
    public int Restarts { get; private set; }

    private bool IsMissing(int row)
    {
        foreach (var value in _samples.Row(row))
            if (!double.IsFinite(value)) return true;
        return false;
    }

    private void RequireValues()
    {
        int[] missing = [.. Enumerable.Range(0, _samples.Count).Where(IsMissing)];
        if (missing.Length == 0) return;
        var row = _samples.Row(missing[0]);
        var position = 0;
        while (double.IsFinite(row[position])) position++;
        throw new ArgumentException(
            Invariant($"Column '{_samples.Names[position]}' holds {row[position]} in {_samples.Tell(missing[0])}, and {missing.Length} of {_samples.Count} ") +
                "rows miss a value. Fill them in, leave the column out, or let SkipsMissing make gaps of them. Rows count from 0.");
    }

    // The time from a row to the next one; NaN where another episode begins or the clock restarts.
    private double StepAfter(int row)
    {
        var step = _samples.Time(row + 1) - _samples.Time(row);
        if (double.IsNaN(step))
            throw new ArgumentException(
                $"There is no time in {_samples.Tell(double.IsNaN(_samples.Time(row)) ? row : row + 1)}; fill it in, or leave the row out.");
        if (_samples.BeginsEpisode(row + 1)) return double.NaN;
        if (step == 0)
            throw new ArgumentException(
                $"{Capital(_samples.Tell(row + 1))} has the time of {_samples.Tell(row)}: a time may stand once; {_samples.AdviceOnEqualTimes}.");
        if (step > 0) return step;
        return _options.TimeRestarts ? double.NaN : throw new ArgumentException(
            $"{Capital(_samples.Tell(row + 1))} comes after {_samples.Tell(row)}: times must rise. Sort the rows, name the column of episodes, or let " +
                "TimeRestarts begin another episode there.");
    }

    private double MedianStep()
    {
        double[] steps = [.. Enumerable.Range(0, _samples.Count - 1).Select(StepAfter).Where(step => !double.IsNaN(step)).Order()];
        return steps.Length > 0 ? steps[steps.Length / 2]
            : throw new ArgumentException("No two rows follow each other: every row begins another episode. Name another column of episodes or of times.");
    }

    private int Multiple()
    {
        var wanted = _options.SamplingTime ?? RowTime;
        var rows = Math.Round(wanted / RowTime);
        return rows >= 1 && rows <= _samples.Count && Math.Abs((rows * RowTime) - wanted) <= _options.Tolerance * RowTime ? (int)rows
            : throw new ArgumentOutOfRangeException(
                nameof(TimeSeriesLog.Options.SamplingTime), Check.Told(wanted),
                Invariant($"SamplingTime must be a whole multiple of the time between two rows, {RowTime}, and no longer than the log."));
    }

    private IEnumerable<Stretch> Cut()
    {
        var start = 0;
        for (var row = 0; row < _samples.Count; row++)
        {
            if (IsMissing(row))
            {
                Gaps++;
                if (row > start) yield return new Stretch(start, row, EndsTask: false);
                start = row + 1;
            }
            else if (_samples.IsOver(row))
            {
                // A row in which the task was over before begins nothing.
                if (row > start) yield return new Stretch(start, row + 1, EndsTask: true);
                start = row + 1;
            }
            else if (row + 1 < _samples.Count && IsBreakAfter(row))
            {
                yield return new Stretch(start, row + 1, EndsTask: false);
                start = row + 1;
            }
        }

        if (start < _samples.Count) yield return new Stretch(start, _samples.Count, EndsTask: false);
    }

    private bool IsBreakAfter(int row)
    {
        var step = _samples.HasTimes ? StepAfter(row) : _samples.BeginsEpisode(row + 1) ? double.NaN : 1;
        if (double.IsNaN(step)) Restarts++;
        else if (Math.Abs(step - RowTime) > _options.Tolerance * RowTime) Gaps++;
        else return false;
        return true;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
