using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Training.Watches;

/// <summary>What a model promises, watched beside what the environment gives.</summary>
public partial class ReturnWatchTests
{
    // Rollouts of the watch, by which a reward function knows it from the training.
    private const int Watched = 16;

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
            Assert.That(metrics[MetricNames.ModelReturnExcess], Is.EqualTo(ExactDynamicsEstimator.MarkedReward).Within(2),
                "a real reward is between 1 and -1.6");
            Assert.That(report.History, Has.Count.EqualTo(3));
            Assert.That(lines.Count(line => line.Contains("may be exploiting errors of the model", StringComparison.Ordinal)), Is.EqualTo(1),
                string.Join('\n', lines));
        });
    }

    [TestCase(1)]
    [TestCase(3)]
    public void A_model_that_runs_away_in_a_few_rollouts_is_found_out(int runaways)
    {
        var lines = new List<string>();
        var report = Train(lines, preset => preset.Trainer.Reward = Promise(next => where(arange(Watched).lt(runaways), full_like(next, 1e4), 1 - next.abs())));
        Assert.Multiple(() =>
        {
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelReturnImpossible]), Is.All.EqualTo(runaways / (double)Watched));
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelExploitation]), Is.All.EqualTo(1));
            Assert.That(lines.Count(line => line.Contains("more than 20 steps of the largest reward seen would give", StringComparison.Ordinal)), Is.EqualTo(1),
                string.Join('\n', lines));
        });
    }

    [Test]
    public void A_model_that_is_noisy_but_right_on_average_is_left_alone()
    {
        var lines = new List<string>();
        using var noise = new Generator(7, CPU);
        var report = Train(lines, preset => preset.Trainer.Reward = Promise(next => 1 - next.abs() + (randn(Watched, generator: noise) * 0.5)));
        Assert.Multiple(() =>
        {
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelReturnDeviation]), Is.All.GreaterThan(1));
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelExploitation]), Is.All.Zero);
            Assert.That(lines, Has.None.Contains("exploiting"));
        });
    }

    // Each step promises 0.6 too much with a noise of 2: over the 20 steps of an episode 12 ± 9, of which sixteen rollouts leave a standard error of 2.2, and
    // one episode of an environment as noisy 9.2. One large reward, of the exploration, leaves all of it possible.
    [TestCase(true, 1)]
    [TestCase(false, 0)]
    public void A_model_that_promises_a_deviation_too_much_is_found_out_where_the_environment_is_deterministic(bool isDeterministic, int expected)
    {
        var lines = new List<string>();
        using var noise = new Generator(7, CPU);
        using var line = new HookedLineEnvironment { OnStep = (step, result) => step == 3 ? result with { Reward = 60 } : result };
        using var environment = new DeclaredEnvironment(line, isDeterministic);
        var report = Train(
            lines, preset => (preset.Trainer.EvaluationEpisodes, preset.Trainer.Reward) =
                (1, Promise(next => 1.6f - next.abs() + (randn(Watched, generator: noise) * 2))), environment.WithTimeLimit(1000));
        Assert.Multiple(() =>
        {
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelReturnExcess]), Is.All.InRange(8, 16));
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelReturnImpossible]), Is.All.Zero);
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelExploitation]), Is.All.EqualTo(expected));
        });
    }

    [Test]
    public void The_tasks_of_the_library_are_deterministic_wrapped_or_not_and_others_until_they_say_so_are_not()
    {
        var tasks = new MLContext(seed: 1).Reinforcement().Environments;
        using var pendulum = tasks.Pendulum().WithTimeLimit(10).WithRescaledActions().WithStepTimeout(TimeSpan.FromMinutes(1)).WithChecks();
        using var cartPole = tasks.CartPoleContinuous();
        using IEnvironment line = new LineEnvironment();
        Assert.That((pendulum.IsDeterministic, cartPole.IsDeterministic, line.IsDeterministic, line.WithChecks().IsDeterministic),
            Is.EqualTo((true, true, false, false)));
    }

    [Test]
    public void With_the_reward_known_the_exact_model_promises_what_is_kept()
    {
        var lines = new List<string>();
        // x' = x + 0.3 a, and 1 - |x'| for it.
        var report = Train(lines, preset => preset.Trainer.Reward = RewardFunction.FromRow((_, _, next) => 1 - Math.Abs(next[0])));
        Assert.Multiple(() =>
        {
            foreach (var epoch in report.History)
            {
                Assert.That(epoch.Values[MetricNames.ModelReturnExcess], Is.EqualTo(0).Within(1e-3));
                Assert.That(epoch.Values[MetricNames.ModelExploitation], Is.Zero);
                Assert.That(epoch.Values[MetricNames.ModelReturnMean], Is.EqualTo(epoch.Values[MetricNames.EvaluationReturnMean]).Within(1e-3),
                    "episodes of 20 steps are over within 100");
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
                foreach (var (name, value) in other.Values.Where(metric => !metric.Key.StartsWith("time/", StringComparison.Ordinal))) Assert.That(
                    epoch.Values[name], Is.EqualTo(value), name);
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

    [Test]
    public void No_more_rollouts_are_imagined_than_were_asked_for()
    {
        var rows = new List<long>();
        var lines = new List<string>();
        var report = Train(lines, preset =>
        {
            preset.Trainer.ModelReturnRollouts = 1;
            preset.Trainer.Reward = RewardFunction.FromTensors((_, _, next) =>
            {
                rows.Add(next.size(0));
                return 1 - next.abs().squeeze(1);
            });
        });
        Assert.Multiple(() =>
        {
            Assert.That(rows, Does.Contain(1).And.None.EqualTo(2), "of an evaluation's two episodes only one start is used");
            Assert.That(report.History[^1].Values[MetricNames.ModelReturnDeviation], Is.Zero);
        });
    }

    [Test]
    public void What_was_warned_of_before_a_stop_is_not_said_again_after_it()
    {
        var folder = Directory.CreateTempSubdirectory("mbpo-watch-").FullName;
        try
        {
            var lines = new List<string>();
            void Change(MbpoPreset preset)
            {
                preset.Trainer.ModelReturnSteps = 1;
                preset.Trainer.Checkpoints = new Checkpointing { Folder = folder, Every = null };
            }

            using var source = new CancellationTokenSource();
            Assert.Throws<TrainingCanceledException>(() => Train(lines, preset =>
            {
                Change(preset);
                preset.Trainer.CancellationToken = source.Token;
                preset.Trainer.Progress = new ProgressListener(progress =>
                {
                    if (progress.EpochMetrics is not null) source.Cancel();
                });
            }));
            var report = Train(lines, Change, resume: folder);
            Assert.Multiple(() =>
            {
                Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelExploitation]), Is.EqualTo(new[] { 1, 1, 1 }));
                Assert.That(lines.Count(line => line.Contains("may be exploiting errors of the model", StringComparison.Ordinal)), Is.EqualTo(1),
                    string.Join('\n', lines));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class DeclaredEnvironment(IEnvironment inner, bool isDeterministic) : EnvironmentWrapper(inner)
    {
        public override bool IsDeterministic => isDeterministic;
    }

    // Rewards of what the watch imagines; those of the training are the task's own.
    private static IRewardFunction Promise(Func<Tensor, Tensor> reward) =>
        RewardFunction.FromTensors((_, _, next) => next.size(0) == Watched ? reward(next.squeeze(1)) : 1 - next.abs().squeeze(1));

    private static MbpoPreset Evaluated()
    {
        var preset = SmallRuns.Preset(300);
        preset.Trainer.EvaluationEpisodes = 2;
        return preset;
    }

    private static TrainingReport Train(List<string> lines, Action<MbpoPreset> change, IEnvironment? task = null, string? resume = null)
    {
        var preset = Evaluated();
        change(preset);
        var mlContext = new MLContext(seed: 1);
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(lines)));
        var rl = mlContext.Reinforcement(factory);
        using var line = new LineEnvironment();
        var trainer = rl.Mbpo(task ?? line, preset.Trainer, new ExactDynamicsEstimator(mlContext), rl.Rollouts.Branched(preset.Rollouts),
            rl.Policies.SoftActorCritic(preset.Policy));
        var report = resume is null ? trainer.Train() : trainer.Resume(resume);
        report.Policy.Dispose();
        return report;
    }
}
