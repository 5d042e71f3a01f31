using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Data.TimeSeries;

/// <summary>Reads the cells of one column of a view as doubles, as times or as labels, whatever its type is.</summary>
/// <param name="column">The column.</param>
internal readonly struct SampleColumn(DataViewSchema.Column column)
{
    private const string SlotNames = "SlotNames";

    /// <summary>Writes the values of the cursor's row.</summary>
    public delegate void NumberReader(Span<double> values);

    public string Name => column.Name;

    public DataViewSchema.Column Column => column;

    public bool IsTime => column.Type is DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType;

    public bool IsText => column.Type is TextDataViewType;

    /// <summary>The numbers of a cell: 1, or the size of a vector; 0 where the column holds no numbers or a vector of no fixed size.</summary>
    public int Width => column.Type switch
    {
        NumberDataViewType or BooleanDataViewType => 1,
        VectorDataViewType { IsKnownSize: true } vector when vector.ItemType == NumberDataViewType.Single || vector.ItemType == NumberDataViewType.Double =>
            vector.Size,
        _ => 0,
    };

    /// <summary>What the numbers of a cell are called: the column, or its slots.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var (name, width) = (column.Name, Width);
            if (column.Type is not VectorDataViewType) return [name];
            var slots = default(VBuffer<ReadOnlyMemory<char>>);
            if (column.HasSlotNames()) column.Annotations.GetValue(SlotNames, ref slots);
            ReadOnlyMemory<char>[] texts = [.. slots.DenseValues()];
            return [.. Enumerable.Range(0, width).Select(slot => texts.Length == width && texts[slot].Length > 0
                ? texts[slot].ToString() : string.Create(CultureInfo.InvariantCulture, $"{name}[{slot}]"))];
        }
    }

    /// <summary>A reader of numbers; a flag is 0 or 1.</summary>
    public NumberReader Numbers(DataViewRowCursor cursor)
    {
        var type = (column.Type as VectorDataViewType)?.ItemType.RawType ?? column.Type.RawType;
        if (column.Type is VectorDataViewType) return type == typeof(float) ? Vector<float>(cursor) : Vector<double>(cursor);
        if (type == typeof(bool)) return Flag(cursor);
        return type == typeof(float) ? Scalar<float>(cursor) : type == typeof(double) ? Scalar<double>(cursor)
            : type == typeof(int) ? Scalar<int>(cursor) : type == typeof(long) ? Scalar<long>(cursor)
            : type == typeof(uint) ? Scalar<uint>(cursor) : type == typeof(ulong) ? Scalar<ulong>(cursor)
            : type == typeof(short) ? Scalar<short>(cursor) : type == typeof(ushort) ? Scalar<ushort>(cursor)
            : type == typeof(byte) ? Scalar<byte>(cursor) : Scalar<sbyte>(cursor);
    }

    /// <summary>A reader of times in seconds since the first one, or of the column's own numbers.</summary>
    /// <returns>NaN where a cell holds no time.</returns>
    public Func<double> Times(DataViewRowCursor cursor)
    {
        if (Width == 1)
        {
            var (read, cell) = (Numbers(cursor), new double[1]);
            return () =>
            {
                read(cell);
                return cell[0];
            };
        }

        // Differences of ticks are exact where doubles of absolute times are not.
        long? first = null;
        var ticks = Ticks(cursor);
        return () => ticks() is { } now ? (now - (first ??= now)) / (double)TimeSpan.TicksPerSecond : double.NaN;
    }

    /// <summary>A reader of labels, which are equal where the cells are.</summary>
    public Func<object> Labels(DataViewRowCursor cursor)
    {
        if (IsText)
        {
            var getText = cursor.GetGetter<ReadOnlyMemory<char>>(column);
            var text = default(ReadOnlyMemory<char>);
            return () =>
            {
                getText(ref text);
                return text.ToString();
            };
        }

        if (column.Type is KeyDataViewType { RawType: var key })
            return key == typeof(uint) ? Boxed(Scalar<uint>(cursor)) : key == typeof(ulong) ? Boxed(Scalar<ulong>(cursor))
                : key == typeof(ushort) ? Boxed(Scalar<ushort>(cursor)) : Boxed(Scalar<byte>(cursor));
        if (Width == 1) return Boxed(Numbers(cursor));
        var times = Times(cursor);
        return () => times();
    }

    private static Func<object> Boxed(NumberReader read)
    {
        var cell = new double[1];
        return () =>
        {
            read(cell);
            return cell[0];
        };
    }

    private Func<long?> Ticks(DataViewRowCursor cursor)
    {
        switch (column.Type)
        {
            case DateTimeDataViewType:
                var getTime = cursor.GetGetter<DateTime>(column);
                return () =>
                {
                    var time = default(DateTime);
                    getTime(ref time);
                    return time == default ? null : time.Ticks;
                };
            case DateTimeOffsetDataViewType:
                var getOffset = cursor.GetGetter<DateTimeOffset>(column);
                return () =>
                {
                    var time = default(DateTimeOffset);
                    getOffset(ref time);
                    return time == default ? null : time.UtcTicks;
                };
            case TimeSpanDataViewType:
                var getSpan = cursor.GetGetter<TimeSpan>(column);
                return () =>
                {
                    var span = default(TimeSpan);
                    getSpan(ref span);
                    return span.Ticks;
                };
            default:
                var getText = cursor.GetGetter<ReadOnlyMemory<char>>(column);
                return () =>
                {
                    var text = default(ReadOnlyMemory<char>);
                    getText(ref text);
                    return DateTimeOffset.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                        ? time.UtcTicks : null;
                };
        }
    }

    private NumberReader Flag(DataViewRowCursor cursor)
    {
        var get = cursor.GetGetter<bool>(column);
        return values =>
        {
            var flag = false;
            get(ref flag);
            values[0] = flag ? 1 : 0;
        };
    }

    private NumberReader Scalar<T>(DataViewRowCursor cursor)
        where T : struct, INumberBase<T>
    {
        var get = cursor.GetGetter<T>(column);
        return values =>
        {
            var value = default(T);
            get(ref value);
            values[0] = double.CreateChecked(value);
        };
    }

    private NumberReader Vector<T>(DataViewRowCursor cursor)
        where T : struct, INumberBase<T>
    {
        var get = cursor.GetGetter<VBuffer<T>>(column);
        var vector = default(VBuffer<T>);
        return values =>
        {
            get(ref vector);
            values.Clear();
            foreach (var item in vector.Items()) values[item.Key] = double.CreateChecked(item.Value);
        };
    }
}
