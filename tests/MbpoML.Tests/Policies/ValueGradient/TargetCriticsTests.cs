using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies.ValueGradient;

namespace MbpoML.Tests.Policies.ValueGradient;

/// <summary>Which target critics an update asks.</summary>
public class TargetCriticsTests
{
    [Test]
    public void All_choices_are_equally_likely()
    {
        const int Draws = 20_000;
        var critics = new TargetCritics(Settings(5, 2), new RandomSource(3));
        var counts = new int[5, 5];
        for (var draw = 0; draw < Draws; draw++)
        {
            var drawn = critics.Draw();
            Assert.That(drawn.Length, Is.EqualTo(2));
            counts[drawn[0], drawn[1]]++;
        }

        // Twenty ordered pairs: five standard deviations are 154.
        for (var first = 0; first < 5; first++)
            for (var second = 0; second < 5; second++)
                Assert.That(counts[first, second], first == second ? Is.Zero : Is.EqualTo(Draws / 20).Within(154), $"{first} and {second}");
    }

    [Test]
    public void A_draw_depends_on_the_stream_alone()
    {
        var (source, same) = (new RandomSource(8), new RandomSource(8));
        var critics = new TargetCritics(Settings(5, 3), source);
        for (var draw = 0; draw < 20; draw++)
        {
            // What was drawn before has no part in it, so that a resumed run draws the same.
            var fresh = new TargetCritics(Settings(5, 3), same);
            Assert.That(critics.Draw().ToArray(), Is.EqualTo(fresh.Draw().ToArray()), $"draw {draw}");
        }
    }

    [Test]
    public void Each_critic_that_is_drawn_takes_one_number()
    {
        var (source, same) = (new RandomSource(8), new RandomSource(8));
        _ = new TargetCritics(Settings(5, 2), source).Draw();
        same.NextInt32(5);
        same.NextInt32(4);
        Assert.That(source.State, Is.EqualTo(same.State));
    }

    [TestCase(3, 3)]
    [TestCase(2, 5)]
    [TestCase(1, 2)]
    public void Where_all_are_asked_no_number_is_drawn(int count, int asked)
    {
        var source = new RandomSource(8);
        var critics = new TargetCritics(Settings(count, asked), source);
        Assert.That(critics.Count, Is.EqualTo(count));
        Assert.That(critics.Draw().ToArray(), Is.EqualTo(Enumerable.Range(0, count)));
        Assert.That(source.State, Is.EqualTo(new RandomSource(8).State));
    }

    private static ValueGradientSettings Settings(int count, int asked) =>
        new(new TransitionLayout(1, 1), BoxSpace.Uniform(1, -1, 1), [1], [1]) { CriticCount = count, TargetCriticCount = asked };
}
