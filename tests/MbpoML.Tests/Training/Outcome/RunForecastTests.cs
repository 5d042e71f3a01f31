using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace MbpoML.Tests.Training.Outcome;

/// <summary>What a run says of itself after its first minute, by a clock that only the environment's steps move.</summary>
[Category("Text")]
public class RunForecastTests
{
    private readonly List<string> _lines = [];
    private readonly SteppedTime _time = new();

    [SetUp]
    public void Forget() => _lines.Clear();

    [Test]
    public void After_a_minute_one_line_says_how_long_it_will_take_and_what_would_shorten_it()
    {
        var preset = Preset(steps: 200);
        // Exploration lasts 50 s, so the minute is over in the tenth step of the policy: 140 are left.
        Train(preset, secondsAStep: 1);
        var line = Forecasts().Single();
        Assert.That(line, Does.StartWith("Information MbpoML.Training")
            .And.Contain(
                "Step 60 of 200 after 00:01:00: about 00:02:20 are left (0 % for fitting the model, 0 % for policy updates, 100 % for the environment)")
            .And.Contain("a faster environment or Overlap = OverlappedStages.Environment")
            .And.Contain("fewer UpdatesPerStep (now 4)").And.Contain("fewer Steps (now 200)"));
    }

    [Test]
    public void A_slow_environment_is_told_while_it_explores()
    {
        Train(Preset(steps: 100), secondsAStep: 10);
        Assert.That(Forecasts().Single(),
            Does.Contain("Step 6 of 100 after 00:01:00, still exploring at random: the environment's steps alone take about 00:15:40 more"));
    }

    [Test]
    public void A_run_of_less_than_a_minute_says_nothing()
    {
        Train(Preset(steps: 100), secondsAStep: 0.1);
        Assert.That(Forecasts(), Is.Empty);
    }

    [Test]
    public void Nothing_that_is_learned_depends_on_it()
    {
        var slow = Train(Preset(steps: 100), secondsAStep: 10);
        Assert.That(slow, Is.EqualTo(Train(Preset(steps: 100), secondsAStep: 0.1)));
    }

    [Test]
    public void Advice_names_what_the_settings_leave()
    {
        var rl = new MLContext(1).Reinforcement();
        var paper = MbpoPresets.Paper();
        var advice = Advice(paper, processors: 2);
        using var environment = new SizedEnvironment(3, 1);
        var small = MbpoPresets.Small(environment);
        (small.Trainer.UpdatesPerStep, small.Dynamics.Workers, small.Policy.Workers) = (1, 2, 2);
        Assert.Multiple(() =>
        {
            Assert.That(advice.FitsGrow, Is.True);
            Assert.That(advice.Text(modelShare: 0.6, environmentShare: 0), Is.EqualTo(
                "a model that is refitted less often (preset.Fast()); smaller networks (MbpoPresets.Small(environment)); Workers = 2 in the options of " +
                "Dynamics and Policy; " +
                "fewer UpdatesPerStep (now 20); fewer Steps (now 20000)"));
            Assert.That(Advice(paper, processors: 1).Text(0, 0), Does.Not.Contain("Workers"));
            Assert.That(Advice(paper.Fast(), processors: 1).Text(modelShare: 1, environmentShare: 0), Does.Not.Contain("Fast"));
            Assert.That(Advice(small, processors: 2).FitsGrow, Is.False, "a fit has a limit");
            Assert.That(Advice(small, processors: 2).Text(0, 0), Is.EqualTo($"fewer Steps (now {small.Trainer.Steps})"));
        });

        MbpoAdvice Advice(MbpoPreset preset, int processors) => new(
            preset.Trainer, preset.Trainer.ToMbpoSettings(preset.Rollouts, isSaved: false), rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics),
            rl.Policies.SoftActorCritic(preset.Policy),
            needsModel: true, processors);
    }

    private static MbpoPreset Preset(int steps) => SmallRuns.Preset(steps);

    private string[] Forecasts() => [.. _lines.Where(line => line.Contains("Shorter with", StringComparison.Ordinal))];

    private float[] Train(MbpoPreset preset, double secondsAStep)
    {
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(_lines)));
        var environment = new HookedLineEnvironment
        {
            OnStep = (_, result) =>
            {
                _time.Advance(secondsAStep);
                return result;
            },
        };
        preset.Trainer.Clock = _time;
        preset.Trainer.Termination = new LineEnvironment().Termination;
        using var checkedEnvironment = environment.WithChecks();
        return SmallRuns.Train(new MLContext(1).Reinforcement(factory), preset, checkedEnvironment);
    }
}
