using MbpoML.Data.Replay;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Data.Replay;

/// <content>The memory of a pool: sizes, copies and tensors.</content>
public partial class ReplayPoolTests
{
    // k as it rises and falls, with a pool that is full and wrapped: memory is copied where the ring must be unrolled or given back, and nowhere else.
    [TestCase(3000, false)]
    [TestCase(3500, true)]
    [TestCase(2500, true)]
    public void Resizing_copies_only_where_it_must(int capacity, bool copies)
    {
        using var pool = Pool(3000);
        using var rows = Numbered(0, 4000);
        using var more = Numbered(4000, 100);
        pool.Append(rows);
        pool.Append(more);
        var statistics = DisposeScopeManager.Statistics;
        var made = statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount;
        pool.Resize(capacity);
        Assert.That(statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount > made, Is.EqualTo(copies));
    }

    [Test]
    public void Memory_is_taken_as_rows_come_and_given_back_when_shrunk()
    {
        using var pool = Pool(6_000_000_000);
        Assert.That(pool.Allocated, Is.Zero);
        pool.Add([1, 2], [3], 4, [5, 6], false, false);
        Assert.That(pool.Allocated, Is.EqualTo(1024));
        using var rows = Numbered(0, 5000);
        pool.Append(rows);
        Assert.That(pool.Allocated, Is.EqualTo(5001));
        pool.Add([1, 2], [3], 4, [5, 6], false, false);
        Assert.That(pool.Allocated, Is.EqualTo(10_002));
        pool.Resize(12_000);
        Assert.That(pool.Allocated, Is.EqualTo(10_002), "a new capacity that needs no copy makes none");
        pool.Resize(10);
        Assert.That((pool.Allocated, pool.Count), Is.EqualTo((10L, 10L)));
    }

    [Test]
    public void Resizing_keeps_the_newest_in_time_order()
    {
        using var pool = Pool(6);
        using var rows = Numbered(0, 9);
        pool.Append(rows);
        float[] Order()
        {
            using var all = pool.ToRows();
            return Floats(all.select(1, 0));
        }
        Assert.That(Order(), Is.EqualTo(new float[] { 3, 4, 5, 6, 7, 8 }));
        pool.Resize(8);
        Assert.That(Order(), Is.EqualTo(new float[] { 3, 4, 5, 6, 7, 8 }));
        pool.Resize(4);
        Assert.That(Order(), Is.EqualTo(new float[] { 5, 6, 7, 8 }));
        using var more = Numbered(9, 2);
        pool.Append(more);
        Assert.That(Order(), Is.EqualTo(new float[] { 7, 8, 9, 10 }));
    }

    [Test]
    public void The_number_of_live_tensors_stays_flat()
    {
        using var pool = Pool(2000);
        using var generator = new Generator(1);
        using var rows = Numbered(0, 300);
        using var batch = empty(32, Layout.Width);
        void Operate(int times)
        {
            for (var time = 0; time < times; time++)
            {
                pool.Add([1, 2], [3], 4, [5, 6], false, false);
                pool.Append(rows);
                pool.SampleInto(batch, generator);
                pool.Sample(16, generator).Dispose();
                pool.SampleObservations(64, generator).Dispose();
                pool.ToRows().Dispose();
                pool.Resize(1500 + (time % 3 * 400));
            }
        }
        Operate(5);
        var statistics = DisposeScopeManager.Statistics;
        var total = LiveTensors.Settled();
        var live = statistics.ThreadTotalLiveCount;
        Operate(500);
        Assert.That(statistics.ThreadTotalLiveCount, Is.EqualTo(live));
        Assert.That(Tensor.TotalCount, Is.EqualTo(total));
    }

    [Test]
    public void Row_numbers_are_drawn_into_memory_that_is_there()
    {
        using var pool = Pool(40);
        using var rows = Numbered(0, 40);
        using var generator = new Generator(1);
        using var batch = empty(50, Layout.Width);
        pool.Append(rows);
        var statistics = DisposeScopeManager.Statistics;
        long Made(int count)
        {
            using var slice = batch.narrow(0, 0, count);
            var before = statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount;
            pool.SampleInto(slice, generator);
            return statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount - before;
        }
        var live = LiveTensors.Settled();
        for (var count = 1; count <= 32; count++) Made(count);
        Assert.That(Tensor.TotalCount, Is.EqualTo(live), "memory for more numbers takes the place of the old");
        var smaller = Made(31);
        Assert.That(Made(32), Is.EqualTo(smaller), "as many numbers as before take no new memory");
        Assert.That(Made(33), Is.GreaterThan(smaller));
    }

    [Test]
    public void Its_end_gives_all_memory_back()
    {
        var total = LiveTensors.Settled();
        using (var pool = Pool(4)) pool.Add([1, 2], [3], 4, [5, 6], false, false);
        Assert.That(Tensor.TotalCount, Is.EqualTo(total));
    }

    [Test]
    public void Results_belong_to_the_callers_scope_and_the_pool_survives_it()
    {
        ReplayPool pool;
        using var generator = new Generator(1);
        Tensor sample;
        using (NewDisposeScope())
        {
            pool = Pool(4);
            pool.Add([1, 2], [3], 4, [5, 6], false, false);
            sample = pool.Sample(2, generator);
        }
        Assert.That(sample.IsInvalid, Is.True);
        Assert.That(Values(pool), Has.Length.EqualTo(Layout.Width));
        pool.Dispose();
        Assert.That(() => pool.Add([1, 2], [3], 4, [5, 6], false, false), Throws.InstanceOf<ObjectDisposedException>());
    }
}
