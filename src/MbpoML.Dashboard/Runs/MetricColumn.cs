using System.Runtime.InteropServices;

namespace MbpoML.Dashboard.Runs;

/// <summary>One metric of a run: the rows in which it was measured, ascending, and its values there, all finite.</summary>
/// <param name="expected">Values that there is room for from the beginning.</param>
internal sealed class MetricColumn(int expected)
{
    private readonly List<int> _rows = new(expected);
    private readonly List<double> _values = new(expected);

    public ReadOnlySpan<int> Rows => CollectionsMarshal.AsSpan(_rows);

    public ReadOnlySpan<double> Values => CollectionsMarshal.AsSpan(_values);

    public int Count => _rows.Count;

    /// <summary>Whether a row has a value.</summary>
    public bool Has(int row) => _rows.Count > 0 && (_rows[^1] == row || _rows.BinarySearch(row) >= 0);

    /// <summary>The value of a row; null where it has none.</summary>
    public double? At(int row) => _rows.BinarySearch(row) is >= 0 and var place ? _values[place] : null;

    /// <summary>Sets a value of the last row.</summary>
    public void Set(int row, double value)
    {
        if (_rows.Count > 0 && _rows[^1] == row)
        {
            _values[^1] = value;
            return;
        }

        _rows.Add(row);
        _values.Add(value);
    }

    /// <summary>Drops the values from a row on; returns their number.</summary>
    public int CutFrom(int row)
    {
        var place = _rows.BinarySearch(row);
        var kept = place >= 0 ? place : ~place;
        var dropped = _rows.Count - kept;
        _rows.RemoveRange(kept, dropped);
        _values.RemoveRange(kept, dropped);
        return dropped;
    }
}
