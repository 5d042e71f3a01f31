using MbpoML.Policies.OnPolicy;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.OnPolicy;

public class LinearBaselineTests
{
    [Test]
    public void Values_that_are_linear_in_the_features_are_found()
    {
        using var observations = randn(200, 2, generator: new Generator(1));
        var steps = Enumerable.Range(0, 200).Select(row => row % 50).ToArray();
        var states = EpisodeSamples.Floats(observations);
        var returns = steps.Select((step, row) => 3 + (2 * states[2 * row]) - (states[(2 * row) + 1] * states[(2 * row) + 1]) + (0.07 * step)).ToArray();
        var baseline = new LinearBaseline(2);
        Assert.That(baseline.Values(observations, steps), Is.All.Zero, "nothing is known yet");
        baseline.Fit(observations, steps, returns);
        Assert.That(baseline.Values(observations, steps), Is.EqualTo(returns).Within(1e-3));
    }

    [Test]
    public void Large_observations_are_cut_and_equal_columns_are_no_trouble()
    {
        using var one = randn(50, 1, generator: new Generator(1));
        using var observations = cat([one * 1e6, one * 1e6], 1);
        using var cut = observations.clamp(-10, 10);
        var baseline = new LinearBaseline(2);
        baseline.Fit(observations, new int[50], Enumerable.Repeat(7.0, 50).ToArray());
        Assert.That(baseline.Values(observations, new int[50]), Is.EqualTo(baseline.Values(cut, new int[50])));
        Assert.That(baseline.Values(observations, new int[50]), Is.All.EqualTo(7).Within(1e-3));
    }
}
