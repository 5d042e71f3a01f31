using MbpoML.Training.Metrics;
using MbpoML.Training.Watches;

namespace MbpoML.Tests.Training.Watches;

/// <summary>When a model that promises more than is kept is found out, and that honest ones are not.</summary>
public class PromiseCheckTests
{
    private const int Rollouts = 16;
    private const int Steps = 100;

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(9)]
    [TestCase(16)]
    public void Rollouts_that_run_away_are_found_out_however_few(int runaways)
    {
        // The deviation grows with the mean: 0.24 of what one promises in 1 of 16, where the mean is 0.06 of it.
        var metrics = PromiseCheck.Compare(
            [.. Honest(new Random(1), -150, 10).Select((honest, index) => index < runaways ? honest with { Imagined = 1e4 } : honest)], episodes: 1,
            highestReward: 0, largestReward: 16, isDeterministic: false);
        Assert.Multiple(() =>
        {
            Assert.That(metrics[MetricNames.ModelExploitation], Is.EqualTo(1));
            Assert.That(metrics[MetricNames.ModelReturnImpossible], Is.EqualTo(runaways / 16.0));
        });
    }

    // As far apart as a real run's model was, by rewards that leave it possible.
    [Test]
    public void A_mean_beyond_its_standard_error_is_a_sign_of_its_own()
    {
        // Nine of sixteen promise 9589 more than is kept, so 5394 on average with a deviation of 4757; by rewards of 100 a step that is possible.
        PromisedReturn[] rollouts = [.. Enumerable.Range(0, Rollouts).Select(index => new PromisedReturn(index < 9 ? -490 + 9589 : -490, -490, Steps))];
        var metrics = PromiseCheck.Compare(rollouts, episodes: 5, 100, 100, isDeterministic: false);
        Assert.Multiple(() =>
        {
            Assert.That(PromiseCheck.Compare(rollouts, episodes: 1, 100, 100, isDeterministic: false)[MetricNames.ModelExploitation], Is.Zero,
                "one episode of an environment as noisy as that may just have been unlucky");
            Assert.That(metrics[MetricNames.ModelReturnExcess], Is.EqualTo(5394).Within(1));
            Assert.That(metrics[MetricNames.ModelReturnDeviation], Is.EqualTo(4757).Within(1));
            Assert.That((metrics[MetricNames.ModelReturnImpossible], metrics[MetricNames.ModelExploitation]), Is.EqualTo((0, 1)));
        });
    }

    // The last: a return of zero, where nothing but chance decides.
    [TestCase(-150, 30, 0, 16, 0)]
    [TestCase(-1000, 300, 0, 16, 0)]
    [TestCase(90, 10, 1, 1, 0)]
    [TestCase(50, 20, 1, 1, 0)]
    [TestCase(100, 10, 1, 1, 0)]
    [TestCase(-100, 0.1, -1, 1, 0)]
    [TestCase(0, 8, 1, 1, 5)]
    public void Models_that_are_right_on_average_are_left_alone(double actual, double noise, double highest, double largest, int mostOf2000)
    {
        var warned = Enumerable.Range(1, 2000)
            .Count(seed => PromiseCheck.Compare(
                [.. Honest(new Random(seed), actual, noise)], episodes: 1, highest, largest, isDeterministic: false)[MetricNames.ModelExploitation] > 0);
        Assert.That(warned, Is.LessThanOrEqualTo(mostOf2000));
    }

    // The model is the environment: both draw returns of 100 ± 40. By Student's distribution of 15 degrees one episode passes two such standard errors in 3.6 %
    // of the times, 72 ± 8; five pass in fewer that matter beside the return.
    [TestCase(1, 100)]
    [TestCase(5, 72)]
    public void An_unlucky_episode_of_a_noisy_environment_is_no_promise_that_was_not_kept(int episodes, int mostOf2000)
    {
        var warned = Enumerable.Range(1, 2000).Count(seed =>
        {
            var random = new Random(seed);
            double[] kept = [.. Enumerable.Range(0, episodes).Select(_ => 100 + (40 * Normal(random)))];
            PromisedReturn[] rollouts = [.. Enumerable.Range(0, Rollouts - (Rollouts % episodes))
                .Select(index => new PromisedReturn(100 + (40 * Normal(random)), kept[index % episodes], Steps))];
            return PromiseCheck.Compare(rollouts, episodes, 3, 3, isDeterministic: false)[MetricNames.ModelExploitation] > 0;
        });
        Assert.That(warned, Is.LessThanOrEqualTo(mostOf2000));
    }

    // An episode of 10, and a model that promises so many of its own deviations, of 30, more. By Student's distribution of 15 degrees an excess of none passes
    // in 3.2 % of the times where the episode is no draw, 64 ± 8.
    [TestCase(1, true, 1900, 2000)]
    [TestCase(2, true, 2000, 2000)]
    [TestCase(1, false, 0, 60)]
    [TestCase(2, false, 900, 1300)]
    [TestCase(0, true, 30, 100)]
    public void A_deterministic_environment_cannot_have_been_unlucky(double deviations, bool isDeterministic, int leastOf2000, int mostOf2000)
    {
        var warned = Enumerable.Range(1, 2000).Count(seed =>
        {
            var random = new Random(seed);
            PromisedReturn[] rollouts =
                [.. Enumerable.Range(0, Rollouts).Select(_ => new PromisedReturn(10 + (30 * (deviations + Normal(random))), 10, Steps))];
            return PromiseCheck.Compare(rollouts, episodes: 1, 10, 10, isDeterministic)[MetricNames.ModelExploitation] > 0;
        });
        Assert.That(warned, Is.InRange(leastOf2000, mostOf2000));
    }

    [Test]
    public void The_limit_of_what_is_possible_has_a_margin_and_a_sign()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Impossible(promised: 201, highest: 2, largest: 2), Is.Zero, "100 steps of 2 are 200, and the margin is 100");
            Assert.That(Impossible(promised: 299, highest: 2, largest: 2), Is.Zero);
            Assert.That(Impossible(promised: 301, highest: 2, largest: 2), Is.EqualTo(1));
            Assert.That(Impossible(promised: 548, highest: -1, largest: 11), Is.Zero,
                "the rollout may end after a step of -1, and half of 100 steps of 11 is 550");
            Assert.That(Impossible(promised: 550, highest: -1, largest: 11), Is.EqualTo(1));
            Assert.That(Impossible(promised: 49, highest: 0, largest: 0), Is.Zero, "rewards that were always zero count as of the size of one");
            Assert.That(Impossible(promised: 51, highest: 0, largest: 0), Is.EqualTo(1));
        });

        static double Impossible(double promised, double highest, double largest) =>
            PromiseCheck.Compare([new PromisedReturn(promised, promised, Steps)], episodes: 1, highest, largest,
                isDeterministic: true)[MetricNames.ModelReturnImpossible];
    }

    // Around what is kept, normally distributed.
    private static IEnumerable<PromisedReturn> Honest(Random random, double actual, double noise) =>
        Enumerable.Range(0, Rollouts).Select(_ => new PromisedReturn(actual + (noise * Normal(random)), actual, Steps));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
