using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Tests.Data.Replay;

/// <content>A pool that was saved and comes back.</content>
public partial class ReplayPoolTests
{
    private const long MostAdded = 1L << 53;

    [TestCase(true, 9)]
    [TestCase(false, 1)]
    public void A_restored_pool_drops_what_it_held_and_takes_the_saved_capacity_unless_it_keeps_its_own(bool keepsCapacity, long capacity)
    {
        using var saved = Pool(1);
        using var restored = Pool(9);
        using var rows = Numbered(0, 3);
        using var others = Numbered(20, 4);
        saved.Append(rows);
        restored.Append(others);
        using var memory = new StateMemory();
        saved.Save(memory);
        restored.Restore(memory, keepsCapacity);
        Assert.That((restored.Capacity, restored.Count, restored.TotalAdded), Is.EqualTo((capacity, 1L, 3L)));
        Assert.That(Values(restored), Is.EqualTo(Values(saved)));
    }

    [TestCase("capacity", 0, "a pool has the capacity 0")]
    [TestCase("total-added", 1, "a pool has 2 rows, but 1 were ever added")]
    [TestCase("total-added", MostAdded + 1, "but 9007199254740993 were ever added")]
    public void Saved_numbers_that_make_no_sense_are_refused(string name, long value, string message)
    {
        using var memory = Saved(2);
        memory.Replace(name, tensor(new[] { value }));
        using var restored = Pool(9);
        Assert.That(() => restored.Restore(memory, keepsCapacity: true), Throws.InstanceOf<CheckpointException>().With.Message.Contains(message));
    }

    [TestCase(2)]
    [TestCase(MostAdded)]
    public void As_many_rows_may_have_been_added_as_there_are_and_up_to_a_most(long added)
    {
        using var memory = Saved(2);
        memory.Replace("total-added", tensor(new[] { added }));
        using var restored = Pool(9);
        restored.Restore(memory, keepsCapacity: true);
        Assert.That((restored.Count, restored.TotalAdded), Is.EqualTo((2L, added)));
    }

    [Test]
    public void Saved_rows_that_are_not_finite_are_refused()
    {
        using var memory = Saved(2);
        memory.Replace("rows", full(2, Layout.Width, float.NaN));
        using var restored = Pool(9);
        Assert.That(() => restored.Restore(memory, keepsCapacity: true),
            Throws.InstanceOf<CheckpointException>().With.Message.Contains("a value that is not finite")
                .And.InnerException.Message.Contains("rows[0, 0] is NaN"));
    }

    private StateMemory Saved(int count)
    {
        using var pool = Pool(5);
        using var rows = Numbered(0, count);
        pool.Append(rows);
        var memory = new StateMemory();
        pool.Save(memory);
        return memory;
    }
}
