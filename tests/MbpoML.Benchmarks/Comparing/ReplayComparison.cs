using MbpoML.Benchmarks.Naive;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// Minibatches of 256 transitions of HalfCheetah's size out of 400,000, the model pool of the paper's k = 1, and a block of imagined transitions going in.
/// </summary>
internal static class ReplayComparison
{
    private const int Rows = 400_000;
    private const int BatchRows = 256;
    private const int BlockRows = 20_000;

    // Width 43 with both flags.
    private static readonly TransitionLayout Layout = new(17, 6);

    public static void Run(int rounds)
    {
        using var generator = new Generator(1);
        using var rows = randn(Rows, Layout.Width, generator: generator);
        Sampling(rows, generator).Run(rounds);
        Appending(rows).Run(rounds);
    }

    private static Comparison Sampling(Tensor rows, Generator generator)
    {
        var fields = new FieldReplay(Layout, rows);
        var objects = Objects(rows);
        var pool = Pool(rows);
        var random = new RandomSource(1);
        var batch = empty(BatchRows, Layout.Width);
        return new Comparison($"Sampling: {BatchRows} rows of width {Layout.Width} out of {Rows:N0}", "minibatches",
        [
            new("an object a transition", 1, units => Repeat(units, () => objects.Sample(BatchRows, random))),
            new("a tensor a field", 1, units => Repeat(units, () => fields.Sample(BatchRows, generator))),
            new("one wide tensor, index_select", 1, units => Repeat(units, () => SelectWide(rows, generator))),
            new("ReplayPool.SampleInto", 1, units => Repeat(units, () => pool.SampleInto(batch, generator))),
        ]);
    }

    private static Comparison Appending(Tensor rows)
    {
        var pool = Pool(rows);
        var objects = Objects(rows);
        var block = rows.narrow(0, 0, BlockRows).clone();
        return new Comparison($"Appending to a full pool: blocks of {BlockRows:N0} rows of width {Layout.Width}", "blocks",
        [
            new("an object a transition", 1, units => Repeat(units, () => AddObjects(objects, block))),
            new("ReplayPool.Append", 1, units => Repeat(units, () => pool.Append(block))),
        ]);
    }

    private static void SelectWide(Tensor rows, Generator generator)
    {
        using var numbers = randint(Rows, [BatchRows], ScalarType.Int64, generator: generator);
        using var batch = rows.index_select(0, numbers);
    }

    private static ReplayPool Pool(Tensor rows)
    {
        var pool = new ReplayPool(Layout, Rows);
        pool.Append(rows);
        return pool;
    }

    private static ObjectReplay Objects(Tensor rows)
    {
        var replay = new ObjectReplay(Layout, Rows);
        AddObjects(replay, rows);
        return replay;
    }

    private static void AddObjects(ObjectReplay replay, Tensor rows)
    {
        var values = rows.data<float>().ToArray().AsSpan();
        for (var row = 0; row < rows.size(0); row++)
        {
            var one = values.Slice(row * Layout.Width, Layout.Width);
            replay.Add(new Transition
            {
                Observation = one[..Layout.ObservationSize].ToArray(),
                Action = one.Slice(Layout.ActionOffset, Layout.ActionSize).ToArray(),
                Reward = one[Layout.RewardOffset],
                NextObservation = one.Slice(Layout.NextObservationOffset, Layout.ObservationSize).ToArray(),
                Terminated = one[Layout.TerminatedOffset] > 0,
            });
        }
    }

    private static void Repeat(int units, Action work)
    {
        for (var unit = 0; unit < units; unit++) work();
    }
}
