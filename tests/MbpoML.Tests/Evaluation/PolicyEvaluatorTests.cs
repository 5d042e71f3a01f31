using MbpoML.Evaluation;
using MbpoML.Tests.Fakes;

namespace MbpoML.Tests.Evaluation;

public class PolicyEvaluatorTests
{
    [Test]
    public void Metrics_are_those_of_the_episodes()
    {
        using var environment = new LineEnvironment();
        var metrics = PolicyEvaluator.Evaluate(new NoisyPolicy(1, 1, gain: -1, noise: 0), environment, 5, seed: 7);
        var returns = metrics.Episodes.Select(episode => episode.Return).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(metrics.Episodes, Has.Count.EqualTo(5));
            Assert.That(metrics.MeanReturn, Is.EqualTo(returns.Average()).Within(1e-12));
            Assert.That(metrics.ReturnStandardDeviation,
                Is.EqualTo(Math.Sqrt(returns.Select(value => value * value).Average() - Math.Pow(returns.Average(), 2))).Within(1e-9));
            Assert.That(metrics.MinimumReturn, Is.EqualTo(returns.Min()));
            Assert.That(metrics.MaximumReturn, Is.EqualTo(returns.Max()));
            Assert.That(metrics.MeanLength, Is.EqualTo(LineEnvironment.EpisodeLength));
            Assert.That(metrics.Episodes.Select(episode => episode.Terminated), Has.All.False);
            Assert.That(environment.Seeds, Is.Unique, "every episode has a start of its own");
            Assert.That(metrics.ToString(), Does.Match(@"^mean return \d+\.\d \+- \d+\.\d over 5 episodes$"));
        });
    }

    [Test]
    public void An_episode_that_the_task_ends_says_so()
    {
        using var environment = new LineEnvironment();
        var metrics = PolicyEvaluator.Evaluate(new NoisyPolicy(1, 1, gain: 5, noise: 0), environment, 3, seed: 7);
        Assert.That(metrics.Episodes.Select(episode => episode.Terminated), Has.All.True);
        Assert.That(metrics.MeanLength, Is.LessThan(LineEnvironment.EpisodeLength));
    }

    [Test]
    public void Equal_seeds_give_equal_results_stochastic_or_not([Values] bool stochastic)
    {
        double Run(int seed)
        {
            using var environment = new LineEnvironment();
            return PolicyEvaluator.Evaluate(new NoisyPolicy(1, 1, gain: -1, noise: 0.3f), environment, 3, seed, stochastic: stochastic).MeanReturn;
        }

        var first = Run(5);
        Assert.That(Run(5), Is.EqualTo(first));
        Assert.That(Run(6), Is.Not.EqualTo(first));
    }

    [Test]
    public void Episodes_without_end_are_cut()
    {
        using var environment = new LineEnvironment();
        Assert.That(PolicyEvaluator.Evaluate(new NoisyPolicy(1, 1, -1, 0), environment, 1, 0, maxEpisodeSteps: 4).MeanLength, Is.EqualTo(4));
    }

    [Test]
    public void A_policy_of_other_sizes_is_refused()
    {
        using var environment = new LineEnvironment();
        Assert.That(
            () => PolicyEvaluator.Evaluate(new NoisyPolicy(2, 1, 0, 0), environment, 1, 0),
            Throws.ArgumentException.With.Message.Contains("maps 2 observations to 1 actions").And.Message.Contains("1 observations"));
    }

    [Test]
    public void No_episodes_are_refused()
    {
        using var environment = new LineEnvironment();
        Assert.That(() => PolicyEvaluator.Evaluate(new NoisyPolicy(1, 1, 0, 0), environment, 0, 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("episodes"));
    }
}
