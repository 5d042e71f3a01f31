using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace MbpoML.Tests.Training.Watches;

/// <summary>
/// Small runs on data that contradict themselves, or of which too little is left after the conversion to float32: what is said, and how often.
/// </summary>
[Category("Text")]
public class DataWatchTests
{
    private readonly List<string> _lines = [];

    [SetUp]
    public void Forget() => _lines.Clear();

    private IEnumerable<string> Warnings => _lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal));

    [Test]
    public void A_healthy_run_says_nothing()
    {
        using var environment = new LineEnvironment();
        Train(environment);
        Assert.That(Warnings, Is.Empty);
    }

    [Test]
    public void A_termination_that_contradicts_the_steps_is_said_once_with_the_first_of_them()
    {
        using var environment = new SensorEnvironment { Termination = TerminationFunction.FromRow((_, _, next) => next[0] > 0.5f) };
        Train(environment);
        var first = environment.Places.FindIndex(place => (float)place > 0.5f) + 1;
        Assert.That(Warnings.Single(),
            Does.Contain($"Step {first} of the run: Step said that the task goes on, but Termination says that it terminated").And.Contain("observation ["));
    }

    [Test]
    public void A_reward_of_the_options_that_contradicts_the_steps_is_said_once()
    {
        using var environment = new SensorEnvironment();
        Train(environment, preset => preset.Trainer.Reward = RewardFunction.FromTensors((_, _, next) => next.select(1, 0).abs().neg()));
        Assert.That(Warnings.Single(), Does.Contain("Step 1 of the run: Step gave the reward").And.Contain("but Reward gives"));
    }

    [Test]
    public void An_environment_that_the_user_checks_ends_the_run_instead()
    {
        using var environment = new SensorEnvironment { Termination = TerminationFunction.FromRow((_, _, next) => next[0] > 0.5f) }.WithChecks();
        var failed = Assert.Throws<TrainingFailedException>(() => Train(environment))!;
        Assert.That(failed.InnerException, Is.TypeOf<EnvironmentException>().With.Message.Contains("Termination says that it terminated"));
    }

    [Test]
    public void A_resumed_run_neither_repeats_nor_forgets_what_was_said()
    {
        using var folder = new TemporaryFolder();
        using var environment = new SensorEnvironment
        {
            Termination = TerminationFunction.FromRow((_, _, next) => next[0] > 0.5f),
            Show = (place, _) => 1.7e9 + place,
            Second = (place, _) => place
        };
        void Run(int steps, Action<MbpoTrainer> run)
        {
            using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(_lines)));
            var preset = SmallRuns.Preset(steps);
            (preset.Policy.StandardizeObservations, preset.Dynamics.TargetNormalization) = (true, true);
            preset.Trainer.Checkpoints = new Checkpointing { Folder = folder["checkpoints"], Every = null };
            preset.Trainer.Seed = 1;
            run(new MLContext(1).Reinforcement(factory).Mbpo(environment, preset));
        }

        Run(120, trainer => trainer.Train().Policy.Dispose());
        Assert.That(Warnings.Count(line => line.Contains("float32", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(Warnings.Count(line => line.Contains("Termination", StringComparison.Ordinal)), Is.EqualTo(1));
        _lines.Clear();
        Run(240, trainer => trainer.Resume(folder["checkpoints"]).Policy.Dispose());
        Assert.That(Warnings.Where(line => !line.Contains("Resumed", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase(1.7e9, 1, "observation 1 is of the size 1.7e+09")]
    [TestCase(52, 1e-5, "observation 1 is of the size 52")]
    [TestCase(1e6, 0.01, "observation 1 is of the size 1e+06")]
    public void An_observation_whose_changes_float32_cannot_hold_is_named_with_its_size(double offset, double scale, string expected)
    {
        using var environment = new SensorEnvironment { Second = (place, _) => offset + (scale * place) };
        Train(environment, preset => preset.Policy.StandardizeObservations = true);
        Assert.That(Warnings.Single().ToLowerInvariant(),
            Does.Contain(expected).And.Contain("float32").And.Contain("precision").And.Contain("subtract an offset"));
    }

    // A clock that runs on: its range grows, but no step of it is seen.
    [Test]
    public void A_clock_in_seconds_since_1970_is_named()
    {
        using var environment = new SensorEnvironment { Second = (_, step) => 1.7e9 + (30 * step) };
        Train(environment, preset => preset.Policy.StandardizeObservations = true);
        Assert.That(Warnings.First(), Does.Contain("Observation 1 is of the size 1.7e+09 and changes by 30 a step").And.Contain("steps of 128"));
    }

    [Test]
    public void A_reward_with_a_large_offset_is_named()
    {
        using var environment = new SensorEnvironment { Earn = place => 1e8 - place };
        Train(environment, preset => preset.Policy.RewardScale = 1e-8);
        Assert.That(Warnings.Any(line => line.Contains("The reward is of the size 1e+08", StringComparison.Ordinal)), string.Join('\n', Warnings));
    }

    [Test]
    public void Constants_flags_and_numbers_that_rest_are_no_loss()
    {
        // The rounding of sums as in a solver at rest, a constant, whole numbers, and one of order one that hardly moves.
        using var environment = new SensorEnvironment
        {
            Second = (place, step) => step % 2 == 0
            ? 0.7 : 0.7 + 1e-13,
            Show = (place, step) => 900 + Math.Round(10 * place)
        };
        Train(environment, preset => preset.Policy.StandardizeObservations = true);
        Assert.That(Warnings, Is.Empty);
    }

    [Test]
    public void Observations_far_from_order_one_are_named_with_the_option_before_they_spoil_the_run()
    {
        using var environment = new SensorEnvironment { Second = (place, _) => 101_325 + (2000 * place) };
        try { Train(environment); }
        catch (TrainingFailedException) { }
        Assert.That(Warnings.First(), Does.Contain("Observation 1 lies between").And.Contain("SoftActorCriticTrainer.Options.StandardizeObservations"));
        _lines.Clear();
        using var standardized = new SensorEnvironment { Second = (place, _) => 101_325 + (2000 * place) };
        Train(standardized, preset => (preset.Policy.StandardizeObservations, preset.Dynamics.TargetNormalization) = (true, true));
        Assert.That(Warnings, Is.Empty);
    }

    [TestCase(500)]
    [TestCase(0.001)]
    public void A_sensor_that_moves_only_after_the_policys_scales_were_fixed_is_named(double size)
    {
        using var environment = new SensorEnvironment { Second = (place, step) => step < 120 ? 3 : 3 + (size * (1 + place)) };
        try
        {
            Train(environment, preset =>
            (preset.Policy.StandardizeObservations, preset.Rollouts.Schedule) = (true, MbpoML.Imagination.RolloutSchedule.Constant(1)));
        }
        catch (TrainingFailedException) { }
        Assert.That(
            Warnings.Any(line => line.Contains("observation 1 was always 3 and now lies between", StringComparison.Ordinal) &&
                line.Contains("StandardizeObservations", StringComparison.Ordinal)), string.Join('\n', Warnings));
    }

    [Test]
    public void A_sensor_that_the_model_never_saw_move_is_named()
    {
        using var environment = new SensorEnvironment { Second = (place, step) => step < 115 ? 3 : 3 + (300 * (1 + place)) };
        try { Train(environment); }
        catch (TrainingFailedException) { }
        Assert.That(Warnings.First(), Does.Contain("observation 1 was always 3").And.Contain("dynamics model was fitted to"));
    }

    [Test]
    public void Logged_actions_outside_the_action_space_are_named()
    {
        Train(new SensorEnvironment(), log: Log(action: place => place > 0 ? 90 : -0.5));
        Assert.That(Warnings.First(),
            Does.Contain("action 0 lies between -0.5 and 90, outside its bounds [-1, 1] in ").And.Contain(" of 60 rows, first in row "));
    }

    [Test]
    public void Logged_actions_that_fill_a_thousandth_of_the_action_space_are_named()
    {
        Train(new SensorEnvironment(), log: Log(action: place => 0.0004 * place));
        Assert.That(Warnings.First(), Does.Contain("action 0 lies between").And.Contain("fills only").And.Contain("IEnvironment.ActionSpace"));
    }

    [TestCase(1000, 0)]
    [TestCase(57.29578, 0)]
    [TestCase(1, 273.15)]
    [TestCase(0.001, 0)]
    public void A_log_in_other_units_is_named_with_both_ranges(double factor, double offset)
    {
        Train(new SensorEnvironment(), log: Log(observation: place => offset + (factor * place)));
        Assert.That(
            Warnings.Any(line => line.Contains("may have other units than the environment: observation 0 lies between", StringComparison.Ordinal) &&
                line.Contains("in the log, but between", StringComparison.Ordinal)
            && line.Contains("steps of the environment", StringComparison.Ordinal)), string.Join('\n', Warnings));
    }

    [Test]
    public void A_log_outside_the_environments_own_bounds_is_named_before_the_first_step()
    {
        using var environment = new SensorEnvironment { ObservationSpace = new BoxSpace([-2, -2], [2, 2]) };
        Train(environment, log: Log(observation: place => 1000 * place));
        Assert.That(Warnings.First(), Does.Contain("may have other units").And.Contain("ObservationSpace has the bounds [-2, 2]"));
        Assert.That(Warnings.Count(line => line.Contains("other units", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void A_log_of_the_same_environment_is_no_contradiction()
    {
        using var environment = new SensorEnvironment();
        Train(environment, log: new MLContext(1).Reinforcement().Data.Record(new SensorEnvironment(), 60, seed: 2));
        Assert.That(Warnings, Is.Empty);
    }

    [Test]
    public void A_log_that_calls_the_clock_a_termination_is_said_to_contradict_the_function()
    {
        var log = new MLContext(1).Reinforcement().Data.FromTransitions(Enumerable.Range(0, 60).Select(row => new Transition
        {
            Observation = [row % 20 / 20f, 0],
            Action = [row % 2 - 0.5f],
            Reward = 0.1f,
            NextObservation = [(row + 1) % 20 / 20f, 0],
            Terminated = row % 20 == 18,
        }));
        Train(new SensorEnvironment { Termination = TerminationFunction.Never }, log: log);
        Assert.That(Warnings.First(),
            Does.Contain("Logged transition 18, where the log stands for Step: Step said that the task terminated, but Termination says that it goes on")
                .And.Contain("3 of 60"));
    }

    [Test]
    public void A_step_of_the_watch_allocates_nothing()
    {
        var statistics = new TransitionStatistics(3, 2);
        double[] observation = [1, 2, 3], action = [0, 1];
        statistics.Add(observation, action, 1, observation);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 1000; step++) statistics.Add(observation, action, step, observation);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private void Train(IEnvironment environment, Action<MbpoPreset>? change = null, IDataView? log = null)
    {
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(_lines)));
        var preset = SmallRuns.Preset(250);
        change?.Invoke(preset);
        new MLContext(1).Reinforcement(factory).Mbpo(environment, preset).Train(log).Policy.Dispose();
    }

    // Of a walk on the same line.
    private static DenseDataView Log(Func<double, double>? observation = null, Func<double, double>? action = null)
    {
        var (shown, taken) = (observation ?? (place => place), action ?? (place => Math.Sin(20 * place)));
        double Place(int row) => Math.Sin(0.2 * row);
        float[] Seen(int row) => [(float)shown(Place(row)), (float)Place(row)];
        return new MLContext(1).Reinforcement().Data.FromTransitions(Enumerable.Range(0, 60).Select(row => new Transition
        {
            Observation = Seen(row),
            Action = [(float)taken(Place(row))],
            Reward = (float)-(Place(row + 1) * Place(row + 1)),
            NextObservation = Seen(row + 1),
        }));
    }

    /// <summary>
    /// A point on a line that is pushed, and two sensors of it that a test chooses: of the place and of all steps so far. Episodes of 25 steps.
    /// </summary>
    private sealed class SensorEnvironment : IEnvironment
    {
        private double _place;
        private int _step;

        public BoxSpace ObservationSpace { get; init; } = BoxSpace.Unbounded(2);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -1, 1);

        public ITerminationFunction? Termination { get; init; }

        public Func<double, int, double> Show { get; init; } = (place, _) => place;

        public Func<double, int, double> Second { get; init; } = (place, _) => Math.Cos(3 * place);

        public Func<double, double> Earn { get; init; } = place => -place * place;

        public List<double> Places { get; } = [];

        public void Reset(int seed, Span<double> observation)
        {
            _place = new MbpoML.Numerics.Random.RandomSource(seed).NextUniform(-1, 1);
            Observe(observation);
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            _place = Math.Clamp(_place + (0.2 * action[0]), -2, 2);
            _step++;
            Places.Add(_place);
            Observe(observation);
            return new StepResult(Earn(_place), false, _step % 25 == 0);
        }

        private void Observe(Span<double> observation) => (observation[0], observation[1]) = (Show(_place, _step), Second(_place, _step));
    }
}
