using Spectre.Console;
using Spectre.Console.Rendering;

namespace MbpoML.Tool.Display;

/// <summary>
/// A table whose titles and cells are text and nothing else: what a user calls a folder or a task is never taken for markup. Where it is too wide for whole
/// words, its rows are lists.
/// </summary>
/// <param name="titles">One for each column, in whole words.</param>
internal sealed class PlainTable(params IReadOnlyList<string> titles) : Renderable
{
    // The border gives each column a space before and two after it.
    private const int Padding = 3;

    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>Adds a row; a cell for each title.</summary>
    public void AddRow(params IReadOnlyList<string> cells) => _rows.Add(cells);

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => NarrowestWidth <= maxWidth ? AsTable(options, maxWidth) : AsLists();

    private int NarrowestWidth => titles.Select((title, column) => Padding + _rows.Select(row => row[column]).Prepend(title).Max(LongestWord)).Sum();

    private IEnumerable<Segment> AsTable(RenderOptions options, int maxWidth)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var title in titles) table.AddColumn(new TableColumn(new Text(title)));
        foreach (var row in _rows) table.AddRow(row.Select(cell => new Text(cell)));
        // The border has an empty row at either end.
        var lines = Segment.SplitLines(((IRenderable)table).Render(options, maxWidth)).Select(line => line.ToArray()).ToList();
        while (lines.Count > 0 && IsBlank(lines[0])) lines.RemoveAt(0);
        while (lines.Count > 0 && IsBlank(lines[^1])) lines.RemoveAt(lines.Count - 1);
        return lines.SelectMany(line => line.Append(Segment.LineBreak));
    }

    private IEnumerable<Segment> AsLists()
    {
        foreach (var row in _rows)
        {
            foreach (var (title, cell) in titles.Zip(row))
            {
                if (cell.Length == 0) continue;
                yield return new Segment(title.Length > 0 ? $"{title}: {cell}" : cell);
                yield return Segment.LineBreak;
            }

            yield return Segment.LineBreak;
        }
    }

    private static bool IsBlank(Segment[] line) => line.All(segment => string.IsNullOrWhiteSpace(segment.Text));

    private static int LongestWord(string text) => text.Split(' ').Max(word => word.Length);
}
