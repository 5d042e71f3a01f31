using MbpoML.Data.Replay;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Data.Replay;

/// <content>What may be drawn, where to, and from which device.</content>
public partial class ReplayPoolTests
{
    // The pool holds the rows 4 to 11.
    [TestCase(1, 11)]
    [TestCase(3, 9)]
    [TestCase(8, 4)]
    [TestCase(100, 4)]
    public void Start_states_may_be_drawn_of_the_newest_rows_only(long newest, int oldest)
    {
        using var pool = Pool(8);
        using var rows = Numbered(0, 12);
        using var generator = new Generator(2);
        pool.Append(rows);
        using var states = pool.SampleObservations(500, newest, generator);
        Assert.That(Floats(states.select(1, 0)).Distinct().Order(), Is.EqualTo(Enumerable.Range(oldest, 12 - oldest)));
        Assert.That(() => pool.SampleObservations(1, 0, generator), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("newest"));
    }

    [Test]
    public void A_destination_without_rows_takes_nothing_even_from_an_empty_pool()
    {
        using var pool = Pool(4);
        using var generator = new Generator(1);
        using var nothing = empty(0, Layout.Width);
        Assert.That(() => pool.SampleInto(nothing, generator), Throws.Nothing);
    }

    // The device without memory has no address to read from.
    [Test]
    public void A_pool_lives_on_the_device_that_it_is_given()
    {
        using var pool = new ReplayPool(Layout, 4, new Device(DeviceType.META));
        using var generator = new Generator(1);
        pool.Add([1, 2], [3], 4, [5, 6], false, false);
        using var sample = pool.Sample(3, generator);
        Assert.That((pool.Count, sample.device_type, sample.size(0)), Is.EqualTo((1L, DeviceType.META, 3L)));
    }
}
