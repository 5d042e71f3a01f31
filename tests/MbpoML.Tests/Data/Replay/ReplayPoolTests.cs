using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Tests.Data.Replay;

/// <summary>Both ways to reach the rows: through their address, and by the tensor operations that any device has.</summary>
[TestFixture(true)]
[TestFixture(false)]
public partial class ReplayPoolTests(bool direct)
{
    private static readonly TransitionLayout Layout = new(2, 1);

    private ReplayPool Pool(long capacity) => new(Layout, capacity, CPU, direct);

    [Test]
    public void A_step_is_laid_out_as_the_layout_says()
    {
        using var pool = Pool(10);
        pool.Add([1, 2], [3], 4, [5, 6], terminated: true, truncated: false);
        pool.Add([7, 8], [9], 10, [11, 12], terminated: false, truncated: true);
        Assert.That(Values(pool), Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 6, 1, 0, 7, 8, 9, 10, 11, 12, 0, 1 }));
        Assert.That((pool.Count, pool.Capacity, pool.TotalAdded), Is.EqualTo((2L, 10L, 2L)));
    }

    [Test]
    public void Random_operations_agree_with_a_list([Range(1, 12)] int seed)
    {
        var random = new RandomSource(seed);
        using var generator = new Generator((ulong)seed);
        // Small capacities wrap often; the large ones pass the first allocation.
        var capacity = seed % 3 == 0 ? 3000 : 12;
        using var pool = Pool(capacity);
        var model = new List<float>();
        var total = 0L;
        for (var operation = 0; operation < 300; operation++)
        {
            switch (random.NextInt32(6))
            {
                case 0 or 1:
                    pool.Add([total, 0], [0], total, [0, 0], false, false);
                    model.Add(total++);
                    break;
                case 2 or 3:
                    var count = random.NextInt32((2 * capacity) + 2);
                    using (var rows = Numbered(total, count)) pool.Append(rows);
                    for (var row = 0; row < count; row++) model.Add(total++);
                    break;
                case 4:
                    capacity = 1 + random.NextInt32(seed % 3 == 0 ? 5000 : 24);
                    pool.Resize(capacity);
                    break;
                default:
                    if (random.NextInt32(8) != 0) break;
                    pool.Clear();
                    model.Clear();
                    break;
            }
            model.RemoveRange(0, Math.Max(0, model.Count - capacity));

            Assert.That((pool.Count, pool.Capacity, pool.TotalAdded), Is.EqualTo(((long)model.Count, (long)capacity, total)));
            Assert.That(pool.Allocated, Is.LessThanOrEqualTo(capacity));
            using var scope = NewDisposeScope();
            Assert.That(Floats(Layout.Observation(pool.ToRows()).select(1, 0)).SequenceEqual(model), Is.True);
            if (model.Count == 0) continue;
            var sample = pool.Sample(20, generator);
            Assert.That(Floats(Layout.Reward(sample)).All(model.Contains), Is.True);
            Assert.That(Floats(Layout.Observation(sample).select(1, 0)), Is.EqualTo(Floats(Layout.Reward(sample))));
        }
    }

    [Test]
    public void Sampling_is_uniform_with_replacement_over_a_wrapped_ring()
    {
        const int Rows = 50, Draws = 50_000;
        using var pool = Pool(Rows);
        using var rows = Numbered(0, 73);
        pool.Append(rows);
        using var generator = new Generator(4);
        using var sample = pool.Sample(Draws, generator);
        using var states = pool.SampleObservations(Draws, generator);
        Assert.That(states.shape, Is.EqualTo(new long[] { Draws, 2 }));
        foreach (var column in new[] { sample, states })
        {
            var counts = new int[Rows];
            foreach (var value in Floats(column.select(1, 0))) counts[(int)value - 23]++;
            var expected = (double)Draws / Rows;
            // 49 degrees of freedom: mean 49, 99.9 % below 85.4; far below 20 would mean draws without replacement.
            Assert.That(counts.Sum(count => (count - expected) * (count - expected) / expected), Is.InRange(20, 85.4));
        }
    }

    [Test]
    public void A_small_draw_repeats_rows_as_often_as_chance_says()
    {
        // The expected number of different rows in n draws of n is n (1 - (1 - 1/n)^n) = 63.4 of 100 (standard deviation 3.1).
        using var pool = Pool(100);
        using var rows = Numbered(0, 100);
        pool.Append(rows);
        using var generator = new Generator(9);
        using var sample = pool.Sample(100, generator);
        Assert.That(Floats(sample.select(1, 0)).Distinct().Count(), Is.InRange(52, 75));
    }

    [Test]
    public void SampleInto_fills_a_slice_like_Sample_and_leaves_the_rest()
    {
        using var pool = Pool(40);
        using var rows = Numbered(0, 55);
        pool.Append(rows);
        using var batch = full(10, Layout.Width, -1f);
        using (var generator = new Generator(3))
        using (var slice = batch.narrow(0, 2, 6)) pool.SampleInto(slice, generator);
        using var sameSeed = new Generator(3);
        using var sample = pool.Sample(6, sameSeed);
        using var middle = batch.narrow(0, 2, 6);
        Assert.That(middle.allclose(sample, 0, 0), Is.True);
        using var outside = cat([batch.narrow(0, 0, 2), batch.narrow(0, 8, 2)]);
        Assert.That(outside.eq(-1f).all().item<bool>(), Is.True);
        // A slice of columns is not contiguous, and is filled all the same.
        using var wide = full(6, Layout.Width + 3, -1f);
        using var again = new Generator(3);
        using (var columns = wide.narrow(1, 1, Layout.Width))
        {
            pool.SampleInto(columns, again);
            Assert.That(columns.allclose(sample, 0, 0), Is.True);
        }
    }

    [Test]
    public void Several_minibatches_are_filled_together_like_one_long_draw()
    {
        using var pool = Pool(40);
        using var rows = Numbered(0, 55);
        pool.Append(rows);
        using var batches = full(3, 10, Layout.Width, -1f);
        using (var generator = new Generator(3)) pool.SampleInto(batches, 2, 6, generator);
        using var sameSeed = new Generator(3);
        using var sample = pool.Sample(18, sameSeed);
        using var scope = NewDisposeScope();
        Assert.That(batches.narrow(1, 2, 6).reshape(18, Layout.Width).allclose(sample, 0, 0), Is.True);
        Assert.That(cat([batches.narrow(1, 0, 2), batches.narrow(1, 8, 2)], 1).eq(-1f).all().item<bool>(), Is.True, "the other rows stay");
    }

    [Test]
    public void Draws_depend_on_the_rows_in_time_order_only()
    {
        using var wrapped = Pool(40);
        using var restored = Pool(90);
        using var rows = Numbered(0, 55);
        wrapped.Append(rows);
        using (var memory = new StateMemory())
        {
            wrapped.Save(memory);
            restored.Restore(memory, keepsCapacity: true);
        }

        Assert.That((restored.Count, restored.TotalAdded), Is.EqualTo((40L, 55L)));
        using var first = new Generator(8);
        using var second = new Generator(8);
        using var one = wrapped.Sample(64, first);
        using var other = restored.Sample(64, second);
        Assert.That(one.allclose(other, 0, 0), Is.True);
    }

    // The pool is full and wrapped, so that what is added pushes out old rows, and adding the same again brings the same pool.
    [Test]
    public void What_was_added_since_a_mark_is_taken_back()
    {
        using var pool = Pool(6);
        using var rows = Numbered(0, 8);
        using var more = Numbered(8, 3);
        pool.Append(rows);
        var mark = pool.Mark();
        pool.Append(more);
        var after = Values(pool);
        pool.TakeBackTo(mark);
        Assert.That((pool.Count, pool.TotalAdded), Is.EqualTo((6L, 8L)));
        pool.Append(more);
        Assert.That((pool.Count, pool.TotalAdded), Is.EqualTo((6L, 11L)));
        Assert.That(Values(pool), Is.EqualTo(after));
    }

    [Test]
    public void What_was_added_to_a_pool_with_room_is_taken_back_without_a_trace()
    {
        using var pool = Pool(6);
        using var rows = Numbered(0, 2);
        using var more = Numbered(2, 3);
        pool.Append(rows);
        var before = Values(pool);
        var mark = pool.Mark();
        pool.Append(more);
        pool.TakeBackTo(mark);
        Assert.That((pool.Count, pool.TotalAdded), Is.EqualTo((2L, 2L)));
        Assert.That(Values(pool), Is.EqualTo(before));
    }

    [Test]
    public void Bad_input_is_named_and_changes_nothing()
    {
        using var pool = Pool(3);
        using var generator = new Generator(1);
        using var narrow = zeros(2, 5);
        using var doubles = zeros(2, Layout.Width, float64);
        Assert.That(() => pool.Sample(1, generator), Throws.InvalidOperationException.With.Message.Contains("empty"));
        using var rows = Numbered(0, 3);
        pool.Append(rows);
        var before = Values(pool);
        Assert.Multiple(() =>
        {
            Assert.That(() => pool.Add([1], [3], 4, [5, 6], false, false),
                Throws.ArgumentException.With.Message.Contains("observation has 1 values, but the pool's layout has 2"));
            Assert.That(() => pool.Add([1, 2], [3, 3], 4, [5, 6], false, false), Throws.ArgumentException.With.Message.Contains("action has 2 values"));
            Assert.That(() => pool.Add([1, 2], [3], double.NaN, [5, 6], false, false), Throws.ArgumentException.With.Message.Contains("reward[0] is NaN"));
            Assert.That(() => pool.Add([1, 2], [3], 4, [5, 1e300], false, false),
                Throws.ArgumentException.With.Message.Contains("nextObservation[1] is 1E+300"));
            Assert.That(() => pool.Append(narrow), Throws.ArgumentException.With.Message.Contains("[2, 5]").And.Message.Contains("[rows, 8]"));
            Assert.That(() => pool.SampleInto(doubles, generator), Throws.ArgumentException.With.Message.Contains("Float64"));
            Assert.That(() => pool.Sample(0, generator), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => pool.Resize(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Pool(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
        Assert.That(Values(pool), Is.EqualTo(before));
    }

    /// <summary>Rows whose first observation and reward are their number.</summary>
    private static Tensor Numbered(long first, int count)
    {
        using var scope = NewDisposeScope();
        var rows = zeros(count, Layout.Width);
        var numbers = arange(first, first + count, dtype: float32);
        rows.select(1, 0).copy_(numbers);
        Layout.Reward(rows).copy_(numbers);
        return rows.MoveToOuterDisposeScope();
    }

    private static float[] Floats(Tensor values)
    {
        using var contiguous = values.contiguous();
        return contiguous.data<float>().ToArray();
    }

    private static float[] Values(ReplayPool pool)
    {
        using var rows = pool.ToRows();
        return Floats(rows);
    }
}
