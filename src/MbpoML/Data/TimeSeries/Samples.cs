using MbpoML.Numerics;
using Microsoft.ML;

namespace MbpoML.Data.TimeSeries;

/// <summary>The rows of a log in memory: what was observed, set and earned in each, when, and in which episode.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];
    private readonly List<double> _times = [];
    private readonly List<bool> _beginsEpisode = [];
    private readonly string? _timeName;
    private readonly bool _hasCoarseTimes;

    /// <summary>Reads a log in one pass.</summary>
    /// <param name="view">The log.</param>
    /// <param name="options">What its columns mean; they were validated.</param>
    /// <exception cref="ArgumentException">A column is missing or holds something else, or there are no rows.</exception>
    public Samples(IDataView view, TimeSeriesLog.Options options)
    {
        SampleColumn[] observations = [.. options.Observations.Select(name => Numeric(view, name))];
        SampleColumn[] setPoints = [.. options.SetPoints.Select(name => Numeric(view, name))];
        SampleColumn[] actions = [.. options.Actions.Select(name => Numeric(view, name))];
        SampleColumn[] single = [.. new[] { options.RewardColumn, options.TerminationColumn }.OfType<string>().Select(name => Single(view, name))];
        SampleColumn? time = options.Time is { } timeColumn ? Time(view, timeColumn) : null;
        SampleColumn? episode = options.Episode is { } episodeColumn ? Find(view, episodeColumn) : null;
        SampleColumn[] numbers = [.. observations, .. setPoints, .. actions, .. single];
        Names = [.. numbers.SelectMany(column => column.Names)];
        ObservationSize = observations.Sum(column => column.Width);
        SetPointSize = setPoints.Sum(column => column.Width);
        ActionSize = actions.Sum(column => column.Width);
        RewardOffset = options.RewardColumn is null ? -1 : ActionOffset + ActionSize;
        TerminationOffset = options.TerminationColumn is null ? -1 : Width - 1;
        (_timeName, _hasCoarseTimes) = (time?.Name, time?.Column.Type == Microsoft.ML.Data.NumberDataViewType.Single);
        SampleColumn[] all = [.. numbers, .. new[] { time, episode }.OfType<SampleColumn>()];
        using var cursor = view.GetRowCursor(all.Select(column => column.Column));
        Read(cursor, numbers, time?.Times(cursor), episode?.Labels(cursor));
        if (Count == 0) throw new ArgumentException("The log has no rows; check the file that it comes from.", nameof(view));
    }

    /// <summary>What the numbers of a row are called: observations, set points, actions, reward, termination.</summary>
    public IReadOnlyList<string> Names { get; }

    public int ObservationSize { get; }

    public int SetPointSize { get; }

    public int ActionSize { get; }

    public int ActionOffset => ObservationSize + SetPointSize;

    /// <summary>Where the reward stands in a row; -1 where no column has it.</summary>
    public int RewardOffset { get; }

    /// <summary>Where the flag of the task's end stands in a row; -1 where no column has it.</summary>
    public int TerminationOffset { get; }

    public int Width => Names.Count;

    public int Count => _beginsEpisode.Count;

    public bool HasTimes => _timeName is not null;

    public ReadOnlySpan<double> Row(int row) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values).Slice(row * Width, Width);

    public double Time(int row) => HasTimes ? _times[row] : row;

    /// <summary>Whether the episode column has another value than in the row before.</summary>
    public bool BeginsEpisode(int row) => _beginsEpisode[row];

    public bool IsOver(int row) => TerminationOffset >= 0 && Row(row)[TerminationOffset] != 0;

    /// <summary>A row as a message calls it.</summary>
    public string Tell(int row) => HasTimes ? Invariant($"row {row} ({_timeName} {_times[row]})") : Invariant($"row {row}");

    /// <summary>Advice where two times are equal.</summary>
    public string AdviceOnEqualTimes => _hasCoarseTimes ? "Single holds some seven digits: load the column as Double, or subtract an offset first"
        : "leave one of the rows out, or name the column of episodes";

    private void Read(DataViewRowCursor cursor, SampleColumn[] columns, Func<double>? time, Func<object>? label)
    {
        var readers = columns.Select(column => (Read: column.Numbers(cursor), column.Width)).ToArray();
        var row = new double[Width];
        object? before = null;
        while (cursor.MoveNext())
        {
            var offset = 0;
            foreach (var (read, width) in readers)
            {
                read(row.AsSpan(offset, width));
                offset += width;
            }

            if (_values.Count > Array.MaxLength - Width)
                throw new ArgumentException(
                    Invariant($"The log has more than {Count} rows of {Width} numbers, which is more than an array holds; give a part."));
            _values.AddRange(row);
            if (time is not null) _times.Add(time());
            var now = label?.Invoke();
            _beginsEpisode.Add(Count == 0 || !Equals(now, before));
            before = now;
        }
    }

    private static SampleColumn Numeric(IDataView view, string name) => Find(view, name) is { Width: > 0 } column ? column
        : throw Mismatch(view.Schema[name], "numbers, or a vector of Single or Double of a known size");

    private static SampleColumn Single(IDataView view, string name) => Find(view, name) is { Width: 1 } column ? column
        : throw Mismatch(view.Schema[name], "one number or flag a row");

    private static SampleColumn Time(IDataView view, string name) =>
        Find(view, name) is var column && (column.Width == 1 || column.IsTime || column.IsText) ? column
            : throw Mismatch(view.Schema[name], "numbers, dates, times or ISO 8601 texts");

    private static SampleColumn Find(IDataView view, string name)
    {
        if (view.Schema.GetColumnOrNull(name) is { } column) return new SampleColumn(column);
        string[] names = [.. view.Schema.Select(column => column.Name)];
        var nearest = names.Length > 0 ? $" Did you mean '{NearestNames.To(name, names, 1)[0]}'?" : "";
        throw new ArgumentOutOfRangeException(
            nameof(view), $"There is no column '{name}'.{nearest} The log has {string.Join(", ", names.Select(one => $"'{one}'"))}.");
    }

    private static ArgumentException Mismatch(DataViewSchema.Column column, string expected) =>
        new($"Column '{column.Name}' holds {column.Type}, but must hold {expected}; choose another column, or convert it.", nameof(column));
}
