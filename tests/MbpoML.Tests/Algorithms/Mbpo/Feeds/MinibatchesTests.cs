using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Feeds;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Imagination;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.Mbpo.Feeds;

public class MinibatchesTests
{
    private static readonly TransitionLayout Layout = new(1, 1);
    private ReplayPool _real = null!;
    private ReplayPool _imagined = null!;

    [SetUp]
    public void FillPools() => (_real, _imagined) = (Filled(1), Filled(2));

    [TearDown]
    public void DisposePools()
    {
        _real.Dispose();
        _imagined.Dispose();
    }

    [TestCase(0, 64)]
    [TestCase(0.25, 64)]
    [TestCase(1, 64)]
    public void Each_update_gets_a_minibatch_of_its_own_with_as_many_real_rows_as_asked_for(double realRatio, int batchSize)
    {
        using var minibatches = new Minibatches(Options(5, realRatio, batchSize), _real, _imagined, seed: 1);
        using var scope = NewDisposeScope();
        var batches = Enumerable.Range(0, 5).Select(update => minibatches.Next(5 - update).clone()).ToArray();
        foreach (var batch in batches)
        {
            Assert.That(batch.shape, Is.EqualTo(new long[] { batchSize, Layout.Width }));
            Assert.That(Layout.Reward(batch).data<float>().ToArray(),
                Is.EqualTo(Enumerable.Range(0, batchSize).Select(row => row < (int)(batchSize * realRatio) ? 1f : 2f)));
        }
        Assert.That(batches.Select(batch => string.Join(' ', batch.data<float>().ToArray())), Is.Unique);
    }

    [Test]
    public void Many_updates_come_in_parts()
    {
        using var minibatches = new Minibatches(Options(1000, 0.5, 2), _real, _imagined, seed: 1);
        using var scope = NewDisposeScope();
        var batches = Enumerable.Range(0, 1000).Select(update => string.Join(' ', minibatches.Next(1000 - update).data<float>().ToArray())).ToArray();
        Assert.That(batches.Distinct().Count(), Is.GreaterThan(990), "each update has its own rows, however many of them were gathered together");
    }

    [Test]
    public void The_buffer_is_used_again()
    {
        using var minibatches = new Minibatches(Options(3, 0.5, 8), _real, _imagined, seed: 1);
        Tensor[] Step() => [minibatches.Next(3), minibatches.Next(2), minibatches.Next(1)];
        var first = Step();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var step = 0; step < 100; step++) Assert.That(Step(), Is.EqualTo(first));
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));
    }

    private static MbpoSettings Options(int updates, double realRatio, int batchSize) =>
        new MbpoTrainer.Options { UpdatesPerStep = updates, RealRatio = realRatio, BatchSize = batchSize }.ToMbpoSettings(
            new BranchedRollouts.Options(), isSaved: false);

    // Rows that differ, with the pool's mark as their reward.
    private static ReplayPool Filled(float mark)
    {
        var pool = new ReplayPool(Layout, 1000);
        for (var row = 0; row < 1000; row++) pool.Add([row], [0], mark, [row + 1], terminated: false, truncated: false);
        return pool;
    }
}
