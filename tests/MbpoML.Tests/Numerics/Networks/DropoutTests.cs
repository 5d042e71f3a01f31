using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using static MbpoML.Tests.Numerics.Networks.NetworkSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Networks;

/// <summary>Dropped units come from an explicit stream, in the right share, and the others make up for them.</summary>
public class DropoutTests
{
    private const int Count = 200_000;

    [TestCase(0.0025)]
    [TestCase(0.1)]
    [TestCase(0.5)]
    [TestCase(0.9)]
    public void Each_value_is_dropped_with_the_given_probability_and_the_others_are_scaled(double share)
    {
        var factors = Mask(share, 1);
        var dropped = factors.Count(factor => factor == 0);
        Assert.That(dropped, Is.EqualTo(share * Count).Within(5 * Math.Sqrt(share * (1 - share) * Count)));
        Assert.That(factors.Where(factor => factor != 0).Distinct(), Is.EqualTo(new[] { (float)(1 / (1 - share)) }));
        // Independent of the one before.
        var pairs = Enumerable.Range(1, Count - 1).Count(index => factors[index] == 0 && factors[index - 1] == 0);
        Assert.That(pairs, Is.EqualTo(share * share * Count).Within(5 * Math.Sqrt((share * share * Count) + 1) + 5));
    }

    [Test]
    public void Equal_streams_drop_the_same_and_others_do_not()
    {
        var (one, same, other) = (Mask(0.3, 7), Mask(0.3, 7), Mask(0.3, 8));
        Assert.That(same, Is.EqualTo(one));
        Assert.That(other, Is.Not.EqualTo(one));
    }

    [Test]
    public void A_layer_dropped_piece_by_piece_is_dropped_as_a_whole()
    {
        var pieces = Enumerable.Repeat(Dropout.Scale(0.2), Count).ToArray();
        var dropout = new Dropout(0.2, new RandomSource(3));
        for (var (start, length) = (0, 1); start < Count; start += length, length = (length * 2) + 1)
        {
            length = Math.Min(length, Count - start);
            dropout.Drop(pieces.AsSpan(start, length), pieces.AsSpan(start, length));
        }
        Assert.That(pieces, Is.EqualTo(Mask(0.2, 3)));
    }

    [Test]
    public void No_share_drops_nothing_and_draws_nothing()
    {
        var stream = new RandomSource(1);
        var before = stream.State;
        var factors = new float[10];
        Dropout.Mask(factors, 0, stream);
        Assert.That(factors, Is.All.EqualTo(1));
        Assert.That(stream.State, Is.EqualTo(before));
    }

    [Test]
    public void A_pass_drops_only_where_it_is_given_a_stream_and_goes_on_where_the_stream_stands()
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(4, [new HiddenLayer(50, Activation.Silu, null, 0.3), new HiddenLayer(30, Activation.Relu, null, 0.1)], 2);
        using var parameters = new LayerViews(shape, NetworkSamples.Parameters(shape, 1, 4).squeeze(0));
        using var pass = new NetworkPass(shape, 20);
        using var input = Draw(20, 4, 5);
        float[] Forward(RandomSource? stream)
        {
            pass.Forward(parameters, input, stream);
            return pass.Output.Values.ToArray();
        }
        var (one, two) = (new RandomSource(9), new RandomSource(9));
        var first = Forward(one);
        Assert.That(pass.Hidden(0).Output.Values.ToArray().Count(value => value == 0), Is.EqualTo(300).Within(75));
        Assert.That(Forward(two), Is.EqualTo(first), "equal streams");
        Assert.That(Forward(one), Is.Not.EqualTo(first), "a stream goes on");
        var without = Forward(null);
        Assert.That(Forward(null), Is.EqualTo(without).And.Not.EqualTo(first), "no stream, no dropout");
        Assert.That(pass.Hidden(0).Output.Values.ToArray(), Has.None.Zero);
    }

    private static float[] Mask(double share, int seed)
    {
        var factors = new float[Count];
        Dropout.Mask(factors, share, new RandomSource(seed));
        return factors;
    }
}
