using MbpoML.Data;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Tables given what cannot be transitions.</summary>
internal static class TableCases
{
    private const int Width = 8;

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>("TransitionTable(TransitionLayout, Tensor)", "no layout", () => _ = new TransitionTable(null!, zeros(1, Width)), "layout"),
        Bad<ArgumentNullException>("TransitionTable(TransitionLayout, Tensor)", "no rows", () => _ = new TransitionTable(Samples.Layout, null!), "rows"),
        Bad<ArgumentException>("TransitionTable(TransitionLayout, Tensor)", "of another width", () => _ = new TransitionTable(Samples.Layout, zeros(1, 5)),
            "[1, 5]", $"{Width}"),
        Bad<ArgumentException>("TransitionTable(TransitionLayout, Tensor)", "of another type",
            () => _ = new TransitionTable(Samples.Layout, zeros(1, Width, float64)), "Float64"),
        Bad<ObjectDisposedException>(
            "TransitionTable(TransitionLayout, Tensor)", "disposed rows", () => _ = new TransitionTable(Samples.Layout, Samples.Disposed(1, Width)), "rows"),
        Bad<ArgumentException>("TransitionTable.ToDataView(TransitionColumns, int[])", "too few episode numbers", () => Table().ToDataView(null, [1]),
            "episodeIds", "1 episode numbers", "2 rows"),
        Bad<ArgumentException>("TransitionTable.ToDataView(TransitionColumns, int[])", "a name used twice",
            () => Table().ToDataView(new TransitionColumns { Reward = "Action" }), "'Action'"),
        Bad<ArgumentException>("TransitionTable.ToEpisodes(TransitionColumns)", "a name used twice",
            () => Table().ToEpisodes(new TransitionColumns { Reward = "Action" }), "'Action'"),
    ];

    private static TransitionTable Table() => new(Samples.Layout, zeros(2, Width));
}
