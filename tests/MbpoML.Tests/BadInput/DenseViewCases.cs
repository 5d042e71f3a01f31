using MbpoML.Data.Views;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Dense views put together or read wrongly.</summary>
internal static class DenseViewCases
{
    private const string Vector = "DenseDataView.Builder.AddVector(string, int, float[], IReadOnlyList<string>)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(Vector, "no name", () => Builder().AddVector(null!, 1, [1]), "name"),
        Bad<ArgumentException>(Vector, "an empty name", () => Builder().AddVector("", 1, [1]), "name"),
        Bad<ArgumentException>(Vector, "a name taken", () => Builder().AddVector("Taken", 1, [1]), "'Taken'"),
        Bad<ArgumentNullException>(Vector, "no values", () => Builder().AddVector("X", 1, null!), "values"),
        Bad<ArgumentOutOfRangeException>(Vector, "no width", () => Builder().AddVector("X", 0, []), "width", "Actual value was 0"),
        Bad<ArgumentException>(Vector, "a row cut off", () => Builder().AddVector("X", 2, [1, 2, 3]), "'X'", "3 values", "width 2"),
        Bad<ArgumentException>(Vector, "too few slot names", () => Builder().AddVector("X", 2, [1, 2], ["a"]), "slotNames", "1 slot names"),
        Bad<ArgumentException>(Vector, "a slot name that is null", () => Builder().AddVector("X", 2, [1, 2], ["a", null!]), "slotNames", "null"),
        .. Column("AddScalar(string, float[])", (builder, name) => builder.AddScalar(name, [1]), builder => builder.AddScalar("X", null!)),
        .. Column("AddBoolean(string, bool[])", (builder, name) => builder.AddBoolean(name, [true]), builder => builder.AddBoolean("X", null!)),
        .. Column("AddInt32(string, int[])", (builder, name) => builder.AddInt32(name, [1]), builder => builder.AddInt32("X", null!)),
        .. Column("AddDouble(string, double[])", (builder, name) => builder.AddDouble(name, [1]), builder => builder.AddDouble("X", null!)),
        .. Column("AddDateTime(string, DateTime[])", (builder, name) => builder.AddDateTime(name, [default]), builder => builder.AddDateTime("X", null!)),
        .. Column(
            "AddText(string, ReadOnlyMemory<Char>[])", (builder, name) => builder.AddText(name, ["a".AsMemory()]), builder => builder.AddText("X", null!)),
        Bad<InvalidOperationException>("DenseDataView.Builder.Build()", "no column", () => new DenseDataView.Builder().Build(), "at least one column"),
        Bad<InvalidOperationException>(
            "DenseDataView.Builder.Build()", "unequal columns", () => Builder().AddScalar("X", [1, 2]).Build(), "'X' has 2", "'Taken' has 1"),
        Bad<ArgumentNullException>(
            "DenseDataView.TryGetColumn(string, ReadOnlyMemory<T>)", "no name", () => Samples.View().TryGetColumn<float>(null!, out _), "columnName"),
        Bad<ArgumentNullException>(
            "DenseDataView.GetRowCursor(IEnumerable<DataViewSchema.Column>, Random)", "no columns", () => Samples.View().GetRowCursor(null!), "columnsNeeded"),
        Bad<ArgumentOutOfRangeException>("DenseDataView.GetRowCursor(IEnumerable<DataViewSchema.Column>, Random)", "a column of another view",
            () => Samples.View().GetRowCursor([Foreign()]), "'Foreign'"),
        Bad<ArgumentException>("DenseDataView.GetRowCursor(IEnumerable<DataViewSchema.Column>, Random)", "a column that was not asked for",
            () => Getter([], "Reward"), "'Reward'"),
        Bad<InvalidOperationException>(
            "DenseDataView.GetRowCursor(IEnumerable<DataViewSchema.Column>, Random)", "a value before the first row", () => Read(0), "MoveNext"),
        Bad<InvalidOperationException>(
            "DenseDataView.GetRowCursor(IEnumerable<DataViewSchema.Column>, Random)", "a value after the last row", () => Read(7), "MoveNext"),
        Bad<ArgumentNullException>("DenseDataView.GetRowCursorSet(IEnumerable<DataViewSchema.Column>, int, Random)", "no columns",
            () => Samples.View().GetRowCursorSet(null!, 1), "columnsNeeded"),
        Bad<ArgumentOutOfRangeException>("DenseDataView.GetRowCursorSet(IEnumerable<DataViewSchema.Column>, int, Random)", "a column of another view",
            () => Samples.View().GetRowCursorSet([Foreign()], 2), "'Foreign'"),
    ];

    private static DenseDataView.Builder Builder() => new DenseDataView.Builder().AddScalar("Taken", [1]);

    private static DataViewSchema.Column Foreign()
    {
        var view = Samples.View(with: builder => builder.AddScalar("Foreign", new float[6]));
        return view.Schema["Foreign"];
    }

    private static ValueGetter<float> Getter(IEnumerable<string> asked, string read)
    {
        var view = Samples.View();
        return view.GetRowCursor(asked.Select(name => view.Schema[name])).GetGetter<float>(view.Schema[read]);
    }

    private static void Read(int moves)
    {
        var view = Samples.View();
        using var cursor = view.GetRowCursor([view.Schema["Reward"]]);
        var getter = cursor.GetGetter<float>(view.Schema["Reward"]);
        for (var move = 0; move < moves; move++) cursor.MoveNext();
        var value = 0f;
        getter(ref value);
    }

    private static IEnumerable<BadCase> Column(string method, Action<DenseDataView.Builder, string> add, Action<DenseDataView.Builder> addNothing)
    {
        var member = $"DenseDataView.Builder.{method}";
        return
        [
            Bad<ArgumentNullException>(member, "no name", () => add(Builder(), null!), "name"),
            Bad<ArgumentException>(member, "a name taken", () => add(Builder(), "Taken"), "'Taken'"),
            Bad<ArgumentNullException>(member, "no values", () => addNothing(Builder()), "values"),
        ];
    }
}
