using MbpoML.Numerics.Random;

namespace MbpoML.Tests.Numerics.Random;

/// <summary>The generators against their published algorithms, computed apart from this code.</summary>
public class RandomSourceTests
{
    [Test]
    public void SplitMix64_gives_its_published_numbers()
    {
        var mixer = new SplitMix64(1234567);
        ulong[] first = [mixer.Next(), mixer.Next(), mixer.Next(), mixer.Next(), mixer.Next()];
        Assert.That(first, Is.EqualTo(new[]
        {
            6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL,
        }));
    }

    [Test]
    public void Xoshiro256_gives_its_published_numbers()
    {
        var random = new RandomSource(0) { State = [1, 2, 3, 4] };
        ulong[] first = [.. Enumerable.Range(0, 6).Select(_ => random.NextUInt64())];
        Assert.That(first, Is.EqualTo(new[] { 11520UL, 0UL, 1509978240UL, 1215971899390074240UL, 1216172134540287360UL, 607988272756665600UL }));
    }

    [TestCase(0, 11091344671253066420UL, 13793997310169335082UL)]
    [TestCase(7, 12923355070828475994UL, 5142052590334782674UL)]
    [TestCase(-1, 6189056606053553666UL, 5698832661650252216UL)]
    public void A_seed_fills_the_state_by_SplitMix64(int seed, ulong first, ulong second)
    {
        var random = new RandomSource(seed);
        Assert.That((random.NextUInt64(), random.NextUInt64()), Is.EqualTo((first, second)));
    }

    [Test]
    public void All_numbers_are_made_of_the_same_words()
    {
        static RandomSource Fresh() => new(7);
        var (normal, whole, seeds) = (Fresh(), Fresh(), Fresh());
        Assert.Multiple(() =>
        {
            Assert.That(Fresh().NextDouble(), Is.EqualTo(0.7005764821796896));
            Assert.That(Fresh().NextUniform(-2, 3), Is.EqualTo(-2 + (5 * 0.7005764821796896)).Within(1e-15));
            Assert.That(Enumerable.Range(0, 5).Select(_ => whole.NextInt32(1000)), Is.EqualTo(new[] { 700, 278, 839, 981, 990 }));
            Assert.That(Enumerable.Range(0, 3).Select(_ => seeds.NextSeed()), Is.EqualTo(new[] { 1504476539, 598613707, 1803086244 }));
            Assert.That(Enumerable.Range(0, 3).Select(_ => normal.NextNormal()),
                Is.EqualTo(new[] { -0.2790239910251981, 1.8997685786889567, 2.136306014732201 }).Within(1e-12));
        });
    }

    [Test]
    public void The_state_that_was_taken_goes_on_where_it_was()
    {
        var random = new RandomSource(3);
        random.NextUInt64();
        var state = random.State;
        var next = random.NextUInt64();
        Assert.That(new RandomSource(1) { State = state }.NextUInt64(), Is.EqualTo(next));
        // A single word is enough.
        foreach (var place in Enumerable.Range(0, 4))
            Assert.That(() => random.State = [.. Enumerable.Range(0, 4).Select(word => word == place ? 1UL : 0UL)], Throws.Nothing);
        Assert.That(() => random.State = [0, 0, 0, 0], Throws.ArgumentException.With.Message.Contains("not zero"));
        Assert.That(() => random.State = [1, 2, 3], Throws.ArgumentException.With.Message.Contains("four words"));
        Assert.That(() => random.State = null!, Throws.ArgumentNullException);
    }

    [Test]
    public void A_range_may_be_a_point_and_must_be_finite()
    {
        var random = new RandomSource(1);
        Assert.Multiple(() =>
        {
            Assert.That(random.NextUniform(2, 2), Is.EqualTo(2));
            Assert.That(() => random.NextUniform(2, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => random.NextUniform(0, double.PositiveInfinity), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => random.NextUniform(double.NaN, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => random.NextInt32(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(random.NextInt32(1), Is.Zero);
        });
    }

    [TestCase(1, "fan", 0, 1039583565)]
    [TestCase(1, "fan", 1, 1315224347)]
    [TestCase(2, "fan", 0, 786873369)]
    [TestCase(1, "naf", 0, 1920241794)]
    [TestCase(-3, "policy", 5, 562536125)]
    public void Seeds_are_derived_from_root_name_and_index(int root, string name, long index, int seed) =>
        Assert.That(Seeds.Derive(root, name, index), Is.EqualTo(seed));

    [Test]
    public void A_stream_needs_a_name() => Assert.That(() => Seeds.Derive(1, ""), Throws.ArgumentException);
}
