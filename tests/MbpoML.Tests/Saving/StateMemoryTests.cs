using MbpoML.Numerics.Random;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Tests.Saving;

/// <summary>States by name: what goes in comes out, whatever is saved beside it and in whatever order.</summary>
public class StateMemoryTests
{
    [Test]
    public void Every_kind_of_value_comes_back_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var memory = new StateMemory();
        var array = arange(6, float32).reshape(2, 3);
        memory.Add("array", array);
        memory.Add("reals", [1.5, double.NaN, double.NegativeInfinity]);
        memory.Add("none", ReadOnlySpan<double>.Empty);
        memory.Add("wholes", long.MaxValue, -3L);
        memory.Add("bytes", "ab"u8);
        memory.Add("text", "élite {}");
        memory.Add("rows", 5, 2, (first, block) => block.copy_(arange(first * 2, 10, float32).reshape(5, 2)));
        // The caller goes on with its own array.
        array.zero_();
        var rows = new List<float>();
        memory.Rows("rows", most: 5, width: 2, block => rows.AddRange(block.data<float>().ToArray()));
        Assert.Multiple(() =>
        {
            Assert.That(memory.Tensor("array").data<float>().ToArray(), Is.EqualTo(new float[] { 0, 1, 2, 3, 4, 5 }));
            Assert.That(memory.Doubles("reals"), Is.EqualTo(new[] { 1.5, double.NaN, double.NegativeInfinity }));
            Assert.That(memory.Doubles("none"), Is.Empty);
            Assert.That(memory.Integers("wholes"), Is.EqualTo(new[] { long.MaxValue, -3 }));
            Assert.That(memory.Bytes("bytes"), Is.EqualTo("ab"u8.ToArray()));
            Assert.That(memory.Text("text"), Is.EqualTo("élite {}"));
            Assert.That(rows, Is.EqualTo(Enumerable.Range(0, 10).Select(value => (float)value)));
            Assert.That(memory.Names, Is.EquivalentTo(new[] { "array", "reals", "none", "wholes", "bytes", "text", "rows" }));
        });
    }

    [Test]
    public void Parts_are_restored_in_any_order()
    {
        using var memory = new StateMemory();
        RandomSource one = new(1), other = new(2);
        using var torch = new Generator(3);
        Advance(one, other, torch);
        Parts(one, other, torch).Save(memory);
        RandomSource againOne = new(7), againOther = new(8);
        using var againTorch = new Generator(9);
        Parts(againOne, againOther, againTorch).Reverse().Restore(memory);
        using var drawn = randn(4, generator: torch);
        using var drawnAgain = randn(4, generator: againTorch);
        Assert.Multiple(() =>
        {
            Assert.That(againOne.NextUInt64(), Is.EqualTo(one.NextUInt64()));
            Assert.That(againOther.NextUInt64(), Is.EqualTo(other.NextUInt64()));
            Assert.That(drawnAgain.data<float>().ToArray(), Is.EqualTo(drawn.data<float>().ToArray()));
        });
    }

    [Test]
    public void A_part_sees_its_own_values_only()
    {
        using var memory = new StateMemory();
        IStateWriter writer = memory;
        writer.Under("policy").Under("actor").Add("weights", 1L);
        writer.Under("model").Add("weights", 2L);
        IStateReader reader = memory;
        Assert.Multiple(() =>
        {
            Assert.That(reader.Under("policy").Names, Is.EqualTo(new[] { "actor/weights" }));
            Assert.That(reader.Under("policy").Under("actor").WholeNumber("weights"), Is.EqualTo(1));
            Assert.That(reader.Under("model").WholeNumber("weights"), Is.EqualTo(2));
            Assert.That(reader.Under("model").Has("actor/weights"), Is.False);
            Assert.That(() => reader.Under("model").Doubles("other"), Throws.TypeOf<CheckpointException>().With.Message.Contains("'model/other'"));
        });
    }

    [Test]
    public void A_random_stream_that_makes_no_sense_is_refused_and_left_as_it_was()
    {
        using var memory = new StateMemory();
        memory.Add("state", 0, 0, 0, 0);
        var source = new RandomSource(5);
        var before = source.State;
        Assert.That(() => memory.RestoreTo(SavedPart.Of("exploration", source)), Throws.TypeOf<CheckpointException>().With.Message.Contains("exploration"));
        Assert.That(source.State, Is.EqualTo(before));
    }

    private static void Advance(RandomSource one, RandomSource other, Generator torch)
    {
        one.NextUInt64();
        other.NextDouble();
        using var drawn = randn(3, generator: torch);
    }

    private static ISaved[] Parts(RandomSource one, RandomSource other, Generator torch) =>
        [SavedPart.Of("one", one), SavedPart.Of("other", other), SavedPart.Of("torch", torch)];
}
