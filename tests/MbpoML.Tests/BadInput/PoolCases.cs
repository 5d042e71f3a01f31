using MbpoML.Data;
using MbpoML.Data.Replay;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Replay pools and layouts given what cannot be transitions.</summary>
internal static class PoolCases
{
    private const int Width = 8;

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentException>("ReplayPool(TransitionLayout, long, Device)", "a device that is not there",
            () => _ = new ReplayPool(Samples.Layout, 1, new Device(TorchSharp.DeviceType.CUDA, 99)), "device", "'cuda:99'"),
        Bad<ArgumentNullException>("ReplayPool(TransitionLayout, long, Device)", "no layout", () => new ReplayPool(null!, 1).Dispose(), "layout"),
        Bad<ArgumentOutOfRangeException>(
            "ReplayPool(TransitionLayout, long, Device)", "no capacity", () => new ReplayPool(Samples.Layout, 0).Dispose(), "capacity", "Actual value was 0"),
        .. Add("a short observation", [1], [1], 1, [1, 2], "observation has 1 values", "has 2"),
        .. Add("a long action", [1, 2], [1, 2], 1, [1, 2], "action has 2 values", "has 1"),
        .. Add("an observation that is NaN", [1, double.NaN], [1], 1, [1, 2], "observation[1] is NaN"),
        .. Add("a reward beyond float32", [1, 2], [1], 1e300, [1, 2], "reward[0] is 1E+300"),
        .. Add("an infinite next observation", [1, 2], [1], 1, [double.NegativeInfinity, 2], "nextObservation[0] is -Infinity"),
        .. Rows("ReplayPool.Append(Tensor)", "rows", (pool, rows) => pool.Append(rows)),
        Bad<ArgumentException>("ReplayPool.Append(Tensor)", "NaN", () => WithPool(pool => pool.Append(With(float.NaN))), "rows[1, 3] is NaN"),
        Bad<ArgumentException>("ReplayPool.Append(Tensor)", "infinity", () => WithPool(pool => pool.Append(With(float.PositiveInfinity))),
            "rows[1, 3] is Infinity"),
        .. Rows("ReplayPool.SampleInto(Tensor, Generator)", "destination", (pool, rows) => pool.SampleInto(rows, Samples.Generator)),
        .. Draws("ReplayPool.SampleInto(Tensor, Generator)", (pool, generator) => pool.SampleInto(zeros(1, Width), generator)),
        .. Draws("ReplayPool.Sample(int, Generator)", (pool, generator) => pool.Sample(1, generator)),
        .. Draws("ReplayPool.SampleObservations(int, Generator)", (pool, generator) => pool.SampleObservations(1, generator)),
        Bad<ArgumentOutOfRangeException>(
            "ReplayPool.Sample(int, Generator)", "none", () => WithPool(pool => pool.Sample(0, Samples.Generator)), "count", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>("ReplayPool.SampleObservations(int, Generator)", "fewer than none",
            () => WithPool(pool => pool.SampleObservations(-1, Samples.Generator)), "count", "-1"),
        Bad<ArgumentOutOfRangeException>("ReplayPool.Resize(long)", "no capacity", () => WithPool(pool => pool.Resize(0)), "capacity", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(
            "TransitionLayout(int, int)", "no observation", () => _ = new TransitionLayout(0, 1), "observationSize", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>("TransitionLayout(int, int)", "no action", () => _ = new TransitionLayout(1, -2), "actionSize", "Actual value was -2"),
        Bad<ArgumentOutOfRangeException>(
            "TransitionLayout(int, int)", "rows too long to be", () => _ = new TransitionLayout(int.MaxValue, 1), "observationSize", $"{int.MaxValue}"),
        .. Slice("Observation", rows => Samples.Layout.Observation(rows)),
        .. Slice("Action", rows => Samples.Layout.Action(rows)),
        .. Slice("ObservationAction", rows => Samples.Layout.ObservationAction(rows)),
        .. Slice("Reward", rows => Samples.Layout.Reward(rows)),
        .. Slice("NextObservation", rows => Samples.Layout.NextObservation(rows)),
        .. Slice("Terminated", rows => Samples.Layout.Terminated(rows)),
        .. Slice("Truncated", rows => Samples.Layout.Truncated(rows)),
    ];

    private static Tensor With(float value)
    {
        var rows = zeros(3, Width);
        rows[1, 3] = value;
        return rows;
    }

    private static void WithPool(Action<ReplayPool> use)
    {
        using var pool = new ReplayPool(Samples.Layout, 10);
        pool.Add([1, 2], [1], 1, [1, 2], false, false);
        use(pool);
    }

    private static IEnumerable<BadCase> Add(string what, double[] observation, double[] action, double reward, double[] next, params string[] message) =>
        [Bad<ArgumentException>("ReplayPool.Add(ReadOnlySpan<double>, ReadOnlySpan<double>, double, ReadOnlySpan<double>, bool, bool)", what,
            () => WithPool(pool => pool.Add(observation, action, reward, next, false, false)), message)];

    private static IEnumerable<BadCase> Rows(string member, string name, Action<ReplayPool, Tensor> use) =>
        Tensors(member, name, rows => WithPool(pool => use(pool, rows)));

    private static IEnumerable<BadCase> Slice(string field, Action<Tensor> use) => Tensors($"TransitionLayout.{field}(Tensor)", "rows", use);

    private static IEnumerable<BadCase> Tensors(string member, string name, Action<Tensor> use) =>
    [
        Bad<ArgumentNullException>(member, "null", () => use(null!), name),
        Bad<ArgumentException>(member, "of another width", () => use(zeros(2, 5)), name, "[2, 5]", $"[rows, {Width}]"),
        Bad<ArgumentException>(member, "one row without its dimension", () => use(zeros(Width)), name, $"[{Width}]"),
        Bad<ArgumentException>(member, "of another type", () => use(zeros(2, Width, float64)), name, "Float64"),
        Bad<ObjectDisposedException>(member, "a disposed tensor", () => use(Samples.Disposed(2, Width)), name),
    ];

    private static IEnumerable<BadCase> Draws(string member, Action<ReplayPool, Generator> draw) =>
    [
        Bad<ArgumentNullException>(member, "no generator", () => WithPool(pool => draw(pool, null!)), "generator"),
        Bad<ObjectDisposedException>(member, "a disposed generator", () => WithPool(pool => draw(pool, Samples.DisposedGenerator())), "generator"),
        Bad<InvalidOperationException>(member, "an empty pool", () =>
        {
            using var pool = new ReplayPool(Samples.Layout, 10);
            draw(pool, Samples.Generator);
        }, "pool is empty"),
    ];
}
