using MbpoML.Data.Views;

namespace MbpoML.Datasets.Tables;

/// <summary>A column of a text file: looked at first to see what it holds, then filled.</summary>
/// <param name="name">Its name.</param>
/// <param name="hasCommas">Whether a comma may be a decimal one.</param>
internal sealed class CsvColumn(string name, bool hasCommas)
{
    private CellKinds _kinds = hasCommas ? CellKinds.All : CellKinds.All & ~CellKinds.CommaNumber;
    private double[] _numbers = [];
    private DateTime[] _times = [];
    private ReadOnlyMemory<char>[] _texts = [];
    private string _lastText = "";
    private int _count;

    // The first that all cells are.
    private CellKinds Kind => Array.Find([CellKinds.Number, CellKinds.CommaNumber, CellKinds.Flag, CellKinds.Time], kind => _kinds.HasFlag(kind));

    public void Look(ReadOnlySpan<char> cell)
    {
        if (_kinds != CellKinds.None && !Cell.IsMissing(cell)) _kinds = Cell.Among(cell, _kinds);
    }

    public void Begin(int rows)
    {
        if (Kind == CellKinds.None) _texts = new ReadOnlyMemory<char>[rows];
        else if (Kind == CellKinds.Time) _times = new DateTime[rows];
        else _numbers = new double[rows];
    }

    public void Add(ReadOnlySpan<char> cell)
    {
        if (Kind == CellKinds.None)
        {
            // Labels come in long runs.
            if (!cell.SequenceEqual(_lastText)) _lastText = cell.ToString();
            _texts[_count++] = _lastText.AsMemory();
        }
        else if (Kind == CellKinds.Time)
        {
            _times[_count++] = Cell.TryTime(cell, out var time) ? time : default;
        }
        else
        {
            _numbers[_count++] = !Cell.IsMissing(cell) && Cell.TryNumber(cell, Kind, out var value) ? value : double.NaN;
        }
    }

    public void AddTo(DenseDataView.Builder view)
    {
        if (Kind == CellKinds.None) view.AddText(name, _texts);
        else if (Kind == CellKinds.Time) view.AddDateTime(name, _times);
        else view.AddDouble(name, _numbers);
    }
}
