using MbpoML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Datasets;

/// <summary>Transitions as the episodes of a Minari dataset.</summary>
/// <param name="table">The transitions; disposed with this.</param>
/// <param name="ends">One behind the last row of each episode.</param>
internal sealed class MinariEpisodes(TransitionTable table, IReadOnlyList<int> ends) : IDisposable
{
    public TransitionLayout Layout => table.Layout;

    public int Steps => (int)table.Count;

    /// <summary>One behind the last row of each episode.</summary>
    public IReadOnlyList<int> Ends => ends;

    /// <summary>All rows, [steps, <see cref="TransitionLayout.Width"/>].</summary>
    public ReadOnlySpan<float> Rows => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(table.Rows.bytes);

    public static MinariEpisodes Read(IDataView view, TransitionColumns? columns)
    {
        var table = TransitionReader.Read(view, columns);
        var name = (columns ?? TransitionColumns.Default).EpisodeId;
        int[]? numbers = view.Schema.GetColumnOrNull(name)?.Type.RawType == typeof(int) ? [.. view.GetColumn<int>(name)] : null;
        var (layout, ends, n) = (table.Layout, new List<int>(), table.Layout.ObservationSize);
        var rows = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(table.Rows.bytes);
        for (var row = 0; row + 1 < table.Count; row++)
        {
            var here = rows.Slice(row * layout.Width, layout.Width);
            var there = rows.Slice((row + 1) * layout.Width, layout.Width);
            // An episode of Minari has one observation between two steps.
            if (here[layout.TerminatedOffset] > 0 || here[layout.TruncatedOffset] > 0 || (numbers is not null && numbers[row] != numbers[row + 1])
                || !here.Slice(layout.NextObservationOffset, n).SequenceEqual(there[..n])) ends.Add(row + 1);
        }

        ends.Add((int)table.Count);
        return new MinariEpisodes(table, ends);
    }

    public void Dispose() => table.Dispose();
}
