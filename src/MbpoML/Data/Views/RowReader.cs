using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Data.Views;

/// <summary>Reads chosen columns of a view into one row-major tensor.</summary>
internal static class RowReader
{
    // Some 16 MB at a time: a block's span stays short and its memory is touched once.
    private const int FloatsInBlock = 1 << 22;

    private delegate void FieldReader(Span<float> row);

    /// <summary>Reads all rows; what no field covers is 0.</summary>
    /// <returns>[rows, <paramref name="width"/>], float32, on the CPU; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">There are no rows, a vector has another length than its type says, or a value is not finite.</exception>
    public static Tensor Read(IDataView view, IReadOnlyList<RowField> fields, int width, bool mustBeFinite = true)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = (view is IDenseDataView dense ? ReadDense(dense, fields, width) : null) ?? ReadByCursor(view, fields, width);
        if (rows.size(0) == 0) throw new ArgumentException("The view has no rows; check the filters or the file that it comes from.", nameof(view));
        if (mustBeFinite) RequireFinite(rows, fields);
        return rows.MoveToOuterDisposeScope();
    }

    /// <returns>Null when the view does not hand out all the columns.</returns>
    private static Tensor? ReadDense(IDenseDataView view, IReadOnlyList<RowField> fields, int width)
    {
        var rows = zeros(view.RowCount, width, float32);
        foreach (var field in fields)
        {
            if (field.Column.Type == BooleanDataViewType.Instance)
            {
                if (!view.TryGetColumn<bool>(field.Column.Name, out var flags)) return null;
                RequireLength(flags.Length, view, field);
                Fill(rows, field, Array.ConvertAll(flags.ToArray(), flag => flag ? 1f : 0f));
            }
            else
            {
                if (!view.TryGetColumn<float>(field.Column.Name, out var numbers)) return null;
                RequireLength(numbers.Length, view, field);
                Fill(rows, field, numbers.Span);
            }
        }
        return rows;
    }

    private static void Fill(Tensor rows, RowField field, ReadOnlySpan<float> values)
    {
        var (count, width) = (rows.size(0), (int)rows.size(1));
        var inBlock = RowsInBlock(width);
        for (var start = 0L; start < count; start += inBlock)
        {
            using var block = rows.narrow(0, start, Math.Min(inBlock, count - start));
            var target = MemoryMarshal.Cast<byte, float>(block.bytes);
            for (var (from, to) = ((int)start * field.Width, field.Offset); to < target.Length; from += field.Width, to += width)
                values.Slice(from, field.Width).CopyTo(target[to..]);
        }
    }

    private static Tensor ReadByCursor(IDataView view, IReadOnlyList<RowField> fields, int width)
    {
        var blocks = new List<Tensor>();
        using var cursor = view.GetRowCursor(fields.Select(field => field.Column));
        var readers = fields.Select(field => Bind(cursor, field)).ToArray();
        var inBlock = (int)Math.Clamp(view.GetRowCount() ?? long.MaxValue, 1, RowsInBlock(width));
        var more = cursor.MoveNext();
        while (more)
        {
            var block = zeros(inBlock, width, float32);
            var target = MemoryMarshal.Cast<byte, float>(block.bytes);
            var filled = 0;
            for (; more && filled < inBlock; filled++, more = cursor.MoveNext())
                foreach (var read in readers) read(target.Slice(filled * width, width));
            blocks.Add(filled == inBlock ? block : block.narrow(0, 0, filled));
        }
        return blocks.Count == 0 ? zeros(0, width, float32) : cat(blocks);
    }

    private static FieldReader Bind(DataViewRowCursor cursor, RowField field)
    {
        var (column, offset, width) = field;
        if (column.Type == BooleanDataViewType.Instance)
        {
            var getFlag = cursor.GetGetter<bool>(column);
            var flag = false;
            return row =>
            {
                getFlag(ref flag);
                row[offset] = flag ? 1 : 0;
            };
        }
        if (column.Type is not VectorDataViewType)
        {
            var getNumber = cursor.GetGetter<float>(column);
            return row => getNumber(ref row[offset]);
        }
        var getVector = cursor.GetGetter<VBuffer<float>>(column);
        var vector = default(VBuffer<float>);
        return row =>
        {
            getVector(ref vector);
            if (vector.Length != width)
                throw new ArgumentException(
                    Invariant($"Column '{column.Name}' has {vector.Length} values in row {cursor.Position}, but its type says {width}; give every row ") +
                        Invariant($"{width} values."));
            vector.CopyTo(row.Slice(offset, width));
        };
    }

    private static void RequireLength(int length, IDenseDataView view, RowField field)
    {
        if (length != (long)view.RowCount * field.Width)
            throw new ArgumentException(
                Invariant($"Column '{field.Column.Name}' has {length} values for {view.RowCount} rows of {field.Width}; {view.GetType().Name}.TryGetColumn ") +
                    "must give all of them.");
    }

    /// <exception cref="ArgumentException">A value is not finite; the message names its column and row.</exception>
    public static void RequireFinite(Tensor rows, IReadOnlyList<RowField> fields)
    {
        // A sum is one pass without a temporary. It is finite only when every value is; when it is not, the values are looked at (large ones may merely have
        // overflowed it).
        if (IsSumFinite(rows)) return;
        using var scope = NewDisposeScope();
        var finite = rows.isfinite();
        if (finite.all().item<bool>()) return;
        var place = finite.logical_not().nonzero()[0];
        var (row, position) = (place[0].item<long>(), place[1].item<long>());
        var field = fields.First(field => position >= field.Offset && position < field.Offset + field.Width);
        var slot = field.Width > 1 ? Invariant($" at [{position - field.Offset}]") : "";
        var value = rows[row, position].item<float>();
        var advice = float.IsNaN(value)
            ? "NaN stands for a missing value, such as an empty cell: fill it in, or leave the row out with mlContext.Data.FilterRowsByMissingValues. Rows " +
                "count from 0"
            : "filter or repair the row";
        throw new ArgumentException(
            string.Create(CultureInfo.InvariantCulture,
                $"Column '{field.Column.Name}' holds {value} in row {row}{slot}, but only finite values can be learned from; {advice}."));
    }

    private static bool IsSumFinite(Tensor rows)
    {
        using var sum = rows.sum();
        return float.IsFinite(sum.item<float>());
    }

    private static int RowsInBlock(int width) => Math.Max(1, FloatsInBlock / width);
}
