using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Tests;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Mujoco.Tests;

/// <summary>A model and a task of one's own.</summary>
[Category("Text")]
public class CustomEnvironmentTests
{
    private MujocoModel _cart = null!;

    private delegate ReadOnlySpan<double> MujocoRead(MujocoState state);

    [SetUp]
    public void MakeModel() => _cart = MujocoModel.FromText(SmallModels.Cart);

    [TearDown]
    public void DisposeModel() => _cart.Dispose();

    [Test]
    public void The_task_is_what_the_options_say()
    {
        var (cart, mast) = (_cart.FindBody("cart"), _cart.FindSite("mast"));
        using var environment = new CustomMujocoEnvironment(_cart, new CustomMujocoEnvironment.Options
        {
            FrameSkip = 4,
            MaxEpisodeSteps = 3,
            PositionNoise = 0,
            VelocityNoise = 0,
            Progress = state => state.Positions[0],
            Reward = step => (step.Progress / step.Duration) - (0.1 * step.Action[0] * step.Action[0]),
            ObservationSize = 3,
            Observe = (state, observation) =>
                (observation[0], observation[1], observation[2]) = (state.BodyPosition(cart)[0], state.SitePosition(mast)[2], state.Time),
        });
        var observation = new double[3];
        environment.Reset(1, observation);
        Assert.That(observation, Is.EqualTo(new[] { 0, 1.5, 0 }));
        Assert.That((environment.StepDuration, environment.ActionSpace.Low[0], environment.ActionSpace.High[0]), Is.EqualTo((0.04, -3.0, 1.0)));

        // A force of 2 N a unit on 1 kg, by the semi-implicit Euler method: x = 2 dt^2 (1 + 2 + 3 + 4) after four steps.
        var result = environment.Step([1], observation);
        Assert.That(observation, Is.EqualTo(new[] { 2 * 0.01 * 0.01 * 10, 1.5, 0.04 }).Within(1e-12), "places are those of the new state");
        Assert.That(result, Is.EqualTo(new StepResult((2e-3 / 0.04) - 0.1, false))
            .Using<StepResult>((a, b) => Math.Abs(a.Reward - b.Reward) < 1e-12 && a.Done == b.Done));
        Assert.That(environment.Step([0], observation).Done, Is.False);
        Assert.That(environment.Step([0], observation), Has.Property("Truncated").True);
        Assert.That((environment.Task, environment.CreatePreset(), MbpoPresets.For(environment)),
            Is.EqualTo(((MujocoTask?)null, (MbpoPreset?)null, (MbpoPreset?)null)));
    }

    [TestCase(-1)]
    [TestCase(2)]
    [TestCase(1431655766)]
    public void Numbers_of_bodies_and_sites_that_are_not_there_are_refused(int number)
    {
        Refused("body", 1, state => state.BodyPosition(number));
        Refused("body", 1, state => state.MassCenter(number));
        Refused("body", 1, state => state.ContactForce(number));
        Refused("site", 0, state => state.SitePosition(number));

        void Refused(string name, int last, MujocoRead read)
        {
            using var environment = new CustomMujocoEnvironment(
                _cart, new CustomMujocoEnvironment.Options { Reward = _ => 0, Progress = state => read(state)[0] });
            Assert.That(() => environment.Reset(1, new double[2]),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"There is no {name} {number}: the model has the numbers 0 to {last}."));
        }
    }

    [Test]
    public void Positions_and_velocities_are_observed_by_default_and_starts_are_noisy()
    {
        using var environment = new CustomMujocoEnvironment(
            _cart, new CustomMujocoEnvironment.Options { Reward = _ => 0, PositionNoise = 0.3, VelocityNoise = 0 });
        var observation = new double[2];
        var starts = Enumerable.Range(0, 100).Select(seed =>
        {
            environment.Reset(seed, observation);
            return (observation[0], observation[1]);
        }).ToList();
        Assert.That(starts.Max(start => Math.Abs(start.Item1)), Is.InRange(0.25, 0.3));
        Assert.That(starts.Select(start => start.Item2), Is.All.Zero);
    }

    [Test]
    public void A_start_of_ones_own_replaces_the_noise()
    {
        using var environment = new CustomMujocoEnvironment(
            _cart, new CustomMujocoEnvironment.Options
            {
                Reward = _ => 0,
                Start = (random, positions, velocities) => (positions[0], velocities[0]) = (5, random.NextUniform(1, 2))
            });
        var observation = new double[2];
        environment.Reset(1, observation);
        Assert.That(observation[0], Is.EqualTo(5));
        Assert.That(observation[1], Is.InRange(1, 2));
    }

    [Test]
    public void Termination_is_the_same_for_real_and_imagined_steps()
    {
        using var environment = new CustomMujocoEnvironment(
            _cart, new CustomMujocoEnvironment.Options { Reward = _ => 1, Termination = observation => observation[1] > 0.3f, VelocityNoise = 0 });
        var observation = new double[2];
        environment.Reset(1, observation);
        using var scope = NewDisposeScope();
        for (var step = 0; step < 6; step++)
        {
            var result = environment.Step([1], observation);
            var next = tensor(observation, ScalarType.Float32).reshape(1, 2);
            Assert.That(environment.Termination!.Evaluate(next, zeros(1, 1), next).item<bool>(), Is.EqualTo(result.Terminated));
            Assert.That(result.Terminated, Is.EqualTo(step >= 3), "5 steps of 0.01 s at 2 m/s^2 each");
        }
    }

    [Test]
    public void Contact_forces_hold_the_weight()
    {
        using var model = MujocoModel.FromText("""
            <mujoco><worldbody><geom type="plane" size="1 1 1"/><body name="ball" pos="0 0 0.1"><freejoint/><geom size="0.1" mass="2"/></body></worldbody>
            <actuator><motor joint="" ctrllimited="true" ctrlrange="-1 1"/></actuator></mujoco>
            """.Replace("<freejoint/>", "<joint name=\"up\" type=\"slide\" axis=\"0 0 1\"/>").Replace("joint=\"\"", "joint=\"up\""));
        var ball = model.FindBody("ball");
        using var environment = new CustomMujocoEnvironment(
            model, new CustomMujocoEnvironment.Options { ContactForces = true, Reward = step => step.State.ContactForce(ball)[5], PositionNoise = 0 });
        var observation = new double[2];
        environment.Reset(1, observation);
        var force = 0.0;
        for (var step = 0; step < 300; step++) force = environment.Step([0], observation).Reward;
        Assert.That(force, Is.EqualTo(2 * 9.81).Within(1).Percent);
    }

    [Test]
    public void An_episode_goes_on_from_its_state_bit_for_bit()
    {
        var options = new CustomMujocoEnvironment.Options { Reward = step => step.Progress, Progress = state => state.Positions[0] };
        using var model = MujocoModel.FromText(SmallModels.Cart.Replace("<motor ", "<general dyntype=\"integrator\" "));
        using var first = new CustomMujocoEnvironment(model, options);
        using var second = new CustomMujocoEnvironment(model, options);
        var (state, expected, actual) = (new double[first.StateSize], new double[2], new double[2]);
        first.Reset(1, expected);
        for (var step = 0; step < 10; step++) first.Step([Math.Sin(step)], expected);
        first.GetState(state);
        second.SetState(state);
        for (var step = 0; step < 10; step++)
        {
            Assert.That(second.Step([0.5], actual), Is.EqualTo(first.Step([0.5], expected)));
            Assert.That(actual, Is.EqualTo(expected));
        }

        Assert.That(state[2], Is.Not.Zero, "the motor's own state is part of it");
    }

    [Test]
    public void A_file_brings_its_own_task_and_its_model_goes_with_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["cart.xml"], SmallModels.Cart);
        var environment = new MLContext(1).Reinforcement().Environments.MujocoFile(folder["cart.xml"], new CustomMujocoEnvironment.Options { Reward = _ => 0 });
        Assert.That(environment.IsDeterministic, Is.False, "what is observed may leave out what a start drew");
        environment.Reset(1, new double[2]);
        environment.Dispose();
        Assert.That(() => environment.Model.FindBody("cart"), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_model_that_is_disposed_first_lives_as_long_as_its_environments()
    {
        var model = MujocoModel.FromText(SmallModels.Cart);
        using var environment = new CustomMujocoEnvironment(model, new CustomMujocoEnvironment.Options { Reward = _ => 0 });
        model.Dispose();
        environment.Reset(1, new double[2]);
        environment.Step([1], new double[2]);
        Assert.That(() => new CustomMujocoEnvironment(model, new CustomMujocoEnvironment.Options { Reward = _ => 0 }),
            Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Options_are_checked_and_copied()
    {
        void Refused<T>(string name, Action<CustomMujocoEnvironment.Options> change)
            where T : ArgumentException
        {
            var options = new CustomMujocoEnvironment.Options { Reward = _ => 0 };
            change(options);
            Assert.That(() => new CustomMujocoEnvironment(_cart, options), Throws.InstanceOf<T>().With.Message.Contains(name));
        }

        Assert.Multiple(() =>
        {
            Refused<ArgumentNullException>("Reward", options => options.Reward = null);
            Refused<ArgumentOutOfRangeException>("FrameSkip", options => options.FrameSkip = 0);
            Refused<ArgumentOutOfRangeException>("MaxEpisodeSteps", options => options.MaxEpisodeSteps = 0);
            Refused<ArgumentOutOfRangeException>("PositionNoise", options => options.PositionNoise = -1);
            Refused<ArgumentOutOfRangeException>("VelocityNoise", options => options.VelocityNoise = double.NaN);
            Refused<ArgumentException>("ObservationSize", options => options.ObservationSize = 3);
            Refused<ArgumentException>("Observe", options => options.Observe = (_, _) => { });
            Refused<ArgumentOutOfRangeException>("ObservationSize", options => (options.Observe, options.ObservationSize) = ((_, _) => { }, 0));
            Assert.That(() => new CustomMujocoEnvironment(_cart, null!), Throws.ArgumentNullException);
            Assert.That(() => new CustomMujocoEnvironment(null!, new CustomMujocoEnvironment.Options { Reward = _ => 0 }), Throws.ArgumentNullException);
        });

        var options = new CustomMujocoEnvironment.Options { Reward = _ => 7 };
        using var environment = new CustomMujocoEnvironment(_cart, options);
        options.Reward = _ => 8;
        environment.Reset(1, new double[2]);
        Assert.That(environment.Step([0], new double[2]).Reward, Is.EqualTo(7));
    }

    [Test]
    public void What_ones_own_code_throws_comes_through_and_a_reset_helps()
    {
        var fails = true;
        using var environment = new CustomMujocoEnvironment(
            _cart, new CustomMujocoEnvironment.Options { Reward = _ => fails ? throw new TimeoutException("mine") : 1 });
        var observation = new double[2];
        environment.Reset(1, observation);
        Assert.That(() => environment.Step([0], observation), Throws.InstanceOf<TimeoutException>().With.Message.EqualTo("mine"));
        fails = false;
        Assert.That(() => environment.Step([0], observation), Throws.InvalidOperationException);
        environment.Reset(1, observation);
        Assert.That(environment.Step([0], observation).Reward, Is.EqualTo(1));
    }
}
