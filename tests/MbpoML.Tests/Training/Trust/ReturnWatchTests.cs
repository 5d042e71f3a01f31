using MbpoML.Tests.Fakes;
using MbpoML.Training;
using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace MbpoML.Tests.Training.Trust;

/// <summary>What a model promises, watched beside what the environment gives.</summary>
public class ReturnWatchTests
{
    [Test]
    public void A_model_that_promises_a_thousand_a_step_is_found_out_and_said_once()
    {
        var lines = new List<string>();
        var report = Train(lines, preset => preset.Trainer.ModelReturnSteps = 1);
        var metrics = report.History[^1].Values;
        Assert.Multiple(() =>
        {
            Assert.That(metrics[MetricNames.ModelExploitation], Is.EqualTo(1));
            Assert.That(metrics[MetricNames.ModelReturnMean], Is.EqualTo(ExactDynamicsEstimator.MarkedReward).Within(1e-3));
            Assert.That(metrics[MetricNames.ModelReturnExcess], Is.EqualTo(ExactDynamicsEstimator.MarkedReward).Within(2), "a real reward is between 1 and -1.6");
            Assert.That(report.History, Has.Count.EqualTo(3));
            Assert.That(lines.Count(line => line.Contains("may be exploiting errors of the model", StringComparison.Ordinal)), Is.EqualTo(1), string.Join('\n', lines));
        });
    }

    [Test]
    public void With_the_reward_known_the_exact_model_promises_what_is_kept()
    {
        var lines = new List<string>();
        // x' = x + 0.3 a, and 1 - |x'| for it.
        var report = Train(lines, preset => preset.Trainer.Reward = MbpoML.Environments.RewardFunction.FromRow((_, _, next) => 1 - Math.Abs(next[0])));
        Assert.Multiple(() =>
        {
            foreach (var epoch in report.History)
            {
                Assert.That(epoch.Values[MetricNames.ModelReturnExcess], Is.EqualTo(0).Within(1e-3));
                Assert.That(epoch.Values[MetricNames.ModelExploitation], Is.Zero);
                Assert.That(epoch.Values[MetricNames.ModelReturnMean], Is.EqualTo(epoch.Values[MetricNames.EvaluationReturnMean]).Within(1e-3), "episodes of 20 steps are over within 100");
            }

            Assert.That(lines, Has.None.Contains("exploiting"));
        });
    }

    [Test]
    public void Watching_changes_nothing_else_and_can_be_switched_off()
    {
        (float[] Actions, TrainingReport Report) Run(int rollouts)
        {
            var preset = Evaluated();
            preset.Trainer.ModelReturnRollouts = rollouts;
            using var environment = new LineEnvironment();
            var report = new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset).Train();
            using var policy = report.Policy;
            return (SmallRuns.Actions(policy), report);
        }

        var (watched, with) = Run(16);
        var (alone, without) = Run(0);
        Assert.Multiple(() =>
        {
            Assert.That(watched, Is.EqualTo(alone));
            Assert.That(with.History[^1].Values.Keys, Does.Contain(MetricNames.ModelReturnDeviation));
            Assert.That(without.History[^1].Values.Keys, Has.None.StartsWith("model/return").And.None.EqualTo(MetricNames.ModelExploitation));
            foreach (var (epoch, other) in with.History.Zip(without.History))
                foreach (var (name, value) in other.Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal))) Assert.That(epoch.Values[name], Is.EqualTo(value), name);
        });
    }

    [Test]
    public void Without_a_model_there_is_nothing_to_watch()
    {
        var preset = Evaluated().WithoutModel(2);
        using var environment = new LineEnvironment();
        var report = new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset).Train();
        report.Policy.Dispose();
        Assert.That(report.History.SelectMany(epoch => epoch.Values.Keys), Has.None.StartsWith("model/"));
    }

    private static MbpoPreset Evaluated()
    {
        var preset = SmallRuns.Preset(300);
        preset.Trainer.EvaluationEpisodes = 2;
        return preset;
    }

    private static TrainingReport Train(List<string> lines, Action<MbpoPreset> change)
    {
        var preset = Evaluated();
        change(preset);
        var mlContext = new MLContext(seed: 1);
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(lines)));
        var rl = mlContext.Reinforcement(factory);
        using var environment = new LineEnvironment();
        var report = rl.Mbpo(environment, preset.Trainer, new ExactDynamicsEstimator(mlContext), rl.Rollouts.Branched(preset.Rollouts), rl.Policies.SoftActorCritic(preset.Policy)).Train();
        report.Policy.Dispose();
        return report;
    }
}
