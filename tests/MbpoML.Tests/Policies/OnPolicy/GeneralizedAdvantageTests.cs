using MbpoML.Data;
using MbpoML.Policies;
using MbpoML.Policies.OnPolicy;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.OnPolicy;

public class GeneralizedAdvantageTests
{
    // Two episodes side by side, of three steps and of one; the first is cut, the second terminated.
    private static readonly EpisodeRows Rows = new([1, 5, 2, 3], [false, true, false, false], [0, 0, 1, 2], [2, -1, 3, -1]);

    [Test]
    public void Advantages_and_returns_are_those_by_hand()
    {
        const double discount = 0.5, lambda = 0.25;
        var (advantages, returns) = GeneralizedAdvantage.Of(Rows, [10, 20, 30, 40], [0, 99, 0, 60], discount, lambda);
        var last = 3 + (0.5 * 60) - 40;
        var middle = 2 + (0.5 * 40) - 30;
        var first = 1 + (0.5 * 30) - 10;
        Assert.Multiple(() =>
        {
            Assert.That(advantages[3], Is.EqualTo(last).Within(1e-12));
            Assert.That(advantages[2], Is.EqualTo(middle + (0.125 * last)).Within(1e-12));
            Assert.That(advantages[0], Is.EqualTo(first + (0.125 * (middle + (0.125 * last)))).Within(1e-12));
            Assert.That(advantages[1], Is.EqualTo(5 - 20), "behind a termination nothing has a value");
            Assert.That(returns, Is.EqualTo((double[])[1 + (0.5 * (2 + (0.5 * 33))), 5, 2 + (0.5 * 33), 33]).Within(1e-12));
        });
    }

    [Test]
    public void Standardized_advantages_have_mean_zero_and_deviation_one_and_equal_ones_are_zero()
    {
        double[] values = [1, 2, 3, 6], equal = [4, 4];
        GeneralizedAdvantage.Standardize(values);
        GeneralizedAdvantage.Standardize(equal);
        Assert.That(values.Average(), Is.Zero.Within(1e-12));
        Assert.That(values.Average(value => value * value), Is.EqualTo(1).Within(1e-6));
        Assert.That(equal, Is.EqualTo((double[])[0, 0]));
    }

    [Test]
    public void Nearly_equal_advantages_stay_small()
    {
        // Their deviation is 1e-8, and as much is added to it.
        double[] values = [1 - 1e-8, 1 + 1e-8];
        GeneralizedAdvantage.Standardize(values);
        Assert.That(values, Is.EqualTo((double[])[-0.5, 0.5]).Within(1e-6));
    }

    [Test]
    public void Rows_of_episodes_find_what_follows_them()
    {
        var layout = new TransitionLayout(1, 1);
        using var rows = zeros(4, layout.Width);
        layout.Reward(rows).copy_(tensor((float[])[1, 5, 2, 3]));
        layout.Terminated(rows).copy_(tensor((float[])[0, 1, 0, 0]));
        using var numbers = tensor((long[])[0, 1, 0, 0]);
        var found = EpisodeRows.Of(new ImaginedEpisodes(layout, rows, numbers, 2));
        Assert.Multiple(() =>
        {
            Assert.That(found.Rewards, Is.EqualTo(Rows.Rewards));
            Assert.That(found.Terminated, Is.EqualTo(Rows.Terminated));
            Assert.That(found.Steps, Is.EqualTo(Rows.Steps));
            Assert.That(found.Next, Is.EqualTo(Rows.Next));
            Assert.That(found.MeanReturn(2), Is.EqualTo(5.5));
        });
    }

    [Test]
    public void Episodes_that_do_not_fit_their_rows_are_refused()
    {
        var layout = new TransitionLayout(1, 1);
        using var rows = zeros(2, layout.Width);
        using var wrong = tensor((long[])[0, 2]);
        using var few = tensor((long[])[0]);
        Assert.That(() => EpisodeRows.Of(new ImaginedEpisodes(layout, rows, wrong, 2)), Throws.ArgumentException.With.Message.Contains("episode 2"));
        Assert.That(() => EpisodeRows.Of(new ImaginedEpisodes(layout, rows, few, 2)), Throws.ArgumentException.With.Message.Contains("Int64 [2]"));
    }
}
