using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using LineEnvironment = MbpoML.Tests.Fakes.LineEnvironment;

namespace MbpoML.Tests.Algorithms.Mbpo.Presets;

/// <summary>What a run takes where the user gives nothing but an environment.</summary>
public class PresetChoiceTests
{
    [TestCase(1, 1, null, "Small")]
    [TestCase(5, 2, 200, "Small")]
    [TestCase(16, 4, 500, "Small")]
    [TestCase(17, 1, null, "Medium")]
    [TestCase(3, 5, null, "Medium")]
    [TestCase(5, 1, 501, "Medium")]
    [TestCase(40, 8, 1000, "Medium")]
    [TestCase(41, 8, 1000, "Paper")]
    [TestCase(27, 9, null, "Paper")]
    public void Sizes_and_the_length_of_an_episode_choose(int observations, int actions, int? steps, string expected)
    {
        using var environment = new SizedEnvironment(observations, actions, steps);
        Assert.That(PresetChoice.For(environment).Name, Is.EqualTo(expected));
    }

    [Test]
    public void The_length_is_found_through_wrappers() => Assert.Multiple(() =>
    {
        Assert.That(Length(new SizedEnvironment(3, 1)), Is.Null);
        Assert.That(Length(new SizedEnvironment(3, 1).WithTimeLimit(70).WithRescaledActions().WithChecks()), Is.EqualTo(70));
        Assert.That(Length(new SizedEnvironment(3, 1, 50).WithTimeLimit(70)), Is.EqualTo(50), "the shorter one");
        Assert.That(Length(new SizedEnvironment(3, 1, 90).WithTimeLimit(70).WithStepTimeout(TimeSpan.FromSeconds(1))), Is.EqualTo(70));
        Assert.That(Length(new PendulumEnvironment()), Is.EqualTo(200));
    });

    [Test]
    public void Short_episodes_have_a_near_horizon_and_long_ones_the_papers() => Assert.Multiple(() =>
    {
        Assert.That(Discount(20), Is.EqualTo(1 - (1.0 / 30)).Within(1e-9));
        Assert.That(Discount(150), Is.EqualTo(0.98).Within(1e-9));
        Assert.That(Discount(400), Is.EqualTo(0.99).Within(1e-9));
        Assert.That(Discount(null), Is.EqualTo(Discount(200)), "an unknown length is taken as 200");
    });

    [Test]
    public void Every_preset_can_be_used_and_is_new_each_time()
    {
        using var environment = new SizedEnvironment(3, 1, 5000);
        foreach (var make in (Func<MbpoPreset>[])[
            () => MbpoPresets.Small(environment), () => MbpoPresets.Medium(environment), MbpoPresets.Paper, () => MbpoPresets.Choose(environment)])
        {
            var preset = make();
            preset.Validate();
            preset.Trainer.Steps = 7;
            Assert.That(make().Trainer.Steps, Is.Not.EqualTo(7));
        }

        Assert.That(MbpoPresets.Small(environment).Trainer.MaxEpisodeSteps, Is.EqualTo(5000), "episodes are not cut before their end");
        Assert.That(MbpoPresets.Paper().Describe(), Is.EqualTo(new MbpoPreset().Describe()), "the defaults of the options");
    }

    [Test]
    public void One_line_says_what_was_chosen_and_how_to_choose_otherwise()
    {
        List<string> lines = [];
        var mlContext = new MLContext(1);
        mlContext.Log += (_, line) =>
        {
            if (line.Kind == ChannelMessageKind.Info) lines.Add(line.RawMessage);
        };
        var rl = mlContext.Reinforcement();
        using var environment = new SizedEnvironment(5, 2, 120);
        rl.Mbpo(environment);
        Assert.That(lines, Has.Count.EqualTo(1));
        Assert.That(lines[0], Does.Contain("the preset is Small (observation: 5, action: 2, episodes of at most 120 steps)")
            .And.Contain("MbpoPresets.Medium(environment), MbpoPresets.Paper()"));

        rl.Mbpo(environment, new MbpoTrainer.Options());
        rl.Mbpo(environment, MbpoPresets.Medium(environment));
        using var pendulum = rl.Environments.Pendulum();
        rl.Mbpo(pendulum);
        Assert.That(lines, Has.Count.EqualTo(1), "nothing was chosen");
    }

    [Test]
    public void A_sweep_chooses_for_each_seed_and_gives_it_one_core()
    {
        List<string> lines = [];
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(lines)));
        var rl = new MLContext(1).Reinforcement(factory);
        using var stop = new CancellationTokenSource();
        var runs = rl.MbpoSeeds(
            _ => new HookedLineEnvironment
            {
                OnStep = (step, result) =>
                {
                    if (step == 3) stop.Cancel();
                    return result;
                },
            },
            new() { CancellationToken = stop.Token, Parallel = 1 }).Train([1]);
        Assert.That(runs[0].Exception, Is.InstanceOf<TrainingCanceledException>());
        Assert.That(lines.Count(line => line.Contains("the preset is Small", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void The_same_seed_gives_the_same_run_whatever_the_workers(int workers)
    {
        var expected = Learn(seed: 3, workers: 1);
        Assert.That(Learn(seed: 3, workers), Is.EqualTo(expected));
        Assert.That(Learn(seed: 4, workers), Is.Not.EqualTo(expected));
    }

    [Test]
    public void Progress_is_told_without_giving_up_the_preset()
    {
        List<TrainingProgress> told = [];
        var rl = new MLContext(1).Reinforcement();
        using var environment = new LineEnvironment();
        var trainer = rl.Mbpo(environment, progress: new ProgressListener(value =>
        {
            told.Add(value);
            throw new TimeoutException("seen enough");
        }));
        Assert.That(() => trainer.Fit(), Throws.InstanceOf<TrainingFailedException>().With.InnerException.TypeOf<TimeoutException>());
        Assert.That(told[^1].Steps, Is.EqualTo(MbpoPresets.Small(environment).Trainer.Steps));

        var preset = SmallRuns.Preset(60);
        told.Clear();
        rl.Mbpo(environment, preset, new ProgressListener(told.Add)).Fit().Dispose();
        Assert.That(told[^1].Phase, Is.EqualTo(TrainingPhase.Finished));
        Assert.That(preset.Trainer.Progress, Is.Null, "the caller's preset stays as it is");
    }

    private static int? Length(IEnvironment environment)
    {
        using (environment) return environment.MaxEpisodeSteps;
    }

    private static double Discount(int? steps)
    {
        using var environment = new SizedEnvironment(3, 1, steps);
        return MbpoPresets.Small(environment).Policy.Discount;
    }

    private static float[] Learn(int seed, int workers)
    {
        using var environment = new LineEnvironment();
        var preset = MbpoPresets.Small(environment);
        (preset.Trainer.Steps, preset.Trainer.InitialExplorationSteps, preset.Trainer.UpdatesPerStep, preset.Trainer.EvaluationEpisodes) = (90, 60, 4, 0);
        preset.Dynamics.MaxOptimizerSteps = 50;
        preset.Rollouts.BatchSize = 500;
        (preset.Dynamics.Workers, preset.Policy.Workers) = (workers, workers);
        return SmallRuns.Train(new MLContext(seed).Reinforcement(), preset, environment);
    }
}
