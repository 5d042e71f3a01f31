using MbpoML.Training.Metrics;

namespace MbpoML.Dashboard.Runs;

/// <summary>
/// The metrics of a run, a row for each step, with the rules of <see cref="MetricsFile"/>: equal steps are one row, and steps that go back drop what was
/// beyond.
/// </summary>
/// <param name="budget">What all runs together may keep.</param>
internal sealed class MetricsTable(ValueBudget budget)
{
    private const int MostMetrics = 400;

    private readonly List<long> _steps = [];
    private readonly List<double> _times = [];
    private readonly Dictionary<string, MetricColumn> _columns = new(StringComparer.Ordinal);
    private int _expected;

    /// <summary>The number of rows.</summary>
    public int Count => _steps.Count;

    /// <summary>Whether something was left out because there was no room for it.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The metrics, by name.</summary>
    public IReadOnlyDictionary<string, MetricColumn> Columns => _columns;

    /// <summary>The name of a metric as one text for all rows.</summary>
    public string NameOf(ReadOnlySpan<char> name) =>
        _columns.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known, out _) ? known : name.ToString();

    /// <summary>The step of a row.</summary>
    public long StepOf(int row) => _steps[row];

    /// <summary>When a row was written, in seconds since 1970; 0 where that is not known.</summary>
    public double TimeOf(int row) => _times[row];

    /// <summary>Seconds of training at a row; null where they were not measured.</summary>
    public double? SecondsAt(int row) => _columns.TryGetValue(MetricNames.TotalSeconds, out var column) ? column.At(row) : null;

    /// <summary>
    /// Makes room for so many rows of what the next line measures: columns that grow by and by leave twice their size behind. Later metrics grow from nothing,
    /// because they may be of a single row.
    /// </summary>
    /// <param name="rows">About how many rows will come.</param>
    public void Expect(int rows)
    {
        if (Count > 0) return;
        _expected = rows;
        _steps.EnsureCapacity(rows);
        _times.EnsureCapacity(rows);
    }

    /// <summary>Adds a line.</summary>
    /// <returns>The first row that is new or changed; <see cref="Count"/> before the call where rows were only added.</returns>
    public int Append(in MetricsLine line)
    {
        var first = _steps.Count;
        while (first > 0 && _steps[first - 1] > line.Step) first--;
        Cut(first);
        var isSame = first > 0 && _steps[first - 1] == line.Step;
        var row = isSame ? first - 1 : first;
        if (!isSame)
        {
            _steps.Add(line.Step);
            _times.Add(line.Time);
        }

        foreach (var (name, value) in line.Values) Set(row, name, value);
        _expected = 0;
        return row;
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        Cut(0);
        _columns.Clear();
        IsFull = false;
    }

    private void Set(int row, string name, double value)
    {
        if (!_columns.TryGetValue(name, out var column))
        {
            if (_columns.Count == MostMetrics)
            {
                IsFull = true;
                return;
            }

            _columns.Add(name, column = new MetricColumn(_expected));
        }

        if (column.Has(row) || budget.TryTake(1)) column.Set(row, value);
        else IsFull = true;
    }

    private void Cut(int row)
    {
        if (row == _steps.Count) return;
        _steps.RemoveRange(row, _steps.Count - row);
        _times.RemoveRange(row, _times.Count - row);
        foreach (var column in _columns.Values) budget.Return(column.CutFrom(row));
    }
}
