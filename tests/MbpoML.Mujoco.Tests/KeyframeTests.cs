using System.Globalization;
using MbpoML.Tests;
using Microsoft.ML;

namespace MbpoML.Mujoco.Tests;

/// <summary>Episodes that begin in a <c>&lt;key&gt;</c> of the model's file.</summary>
[Category("Text")]
public class KeyframeTests
{
    private static readonly double[] Ready = [1.5, -1.5];

    private MujocoModel _arm = null!;

    [SetUp]
    public void MakeModel() => _arm = MujocoModel.FromText(SmallModels.Arm);

    [TearDown]
    public void DisposeModel() => _arm.Dispose();

    [Test]
    public void All_values_of_a_keyframe_can_be_read()
    {
        Assert.That(_arm.Keyframes.Select(key => (key.Number, key.Name)), Is.EqualTo(new[] { (0, ""), (1, "ready") }));
        var (ready, first) = (_arm.FindKeyframe("ready"), _arm.FindKeyframe("0"));
        Assert.Multiple(() =>
        {
            Assert.That(ready, Is.SameAs(_arm.Keyframes[1]));
            Assert.That(ready.Positions.ToArray(), Is.EqualTo(Ready));
            Assert.That(ready.Velocities.ToArray(), Is.EqualTo(new[] { 0.25, -0.125 }));
            Assert.That(ready.Activations.ToArray(), Is.EqualTo(new[] { 0.5 }));
            Assert.That(ready.Controls.ToArray(), Is.EqualTo(new[] { 1.5, -1.5, 0 }));
            Assert.That(ready.MocapPositions.ToArray(), Is.EqualTo(new[] { 0.5, 0.25, 1 }));
            Assert.That(ready.MocapOrientations.ToArray(), Is.EqualTo(new[] { 0.36, 0.48, 0.48, 0.64 }).Within(1e-15));
            Assert.That(first.Positions.ToArray(), Is.EqualTo(new[] { 1.0, -1 }));
            Assert.That(first.Velocities.ToArray().Concat(first.Activations.ToArray()).Concat(first.Controls.ToArray()), Is.All.Zero,
                "what the file leaves out");
            Assert.That(first.MocapPositions.ToArray(), Is.EqualTo(new[] { 3.0, 0, 1 }));
        });
    }

    [TestCase("ready")]
    [TestCase("1")]
    public void An_episode_begins_in_the_keyframe(string name)
    {
        var target = _arm.FindSite("goal");
        var start = new List<double>();
        using var environment = Environment(name, 0, (state, observation) =>
        {
            start = [.. state.Positions, .. state.Velocities, .. state.Activations, .. state.Controls, .. state.SitePosition(target),
                .. state.SiteOrientation(target), state.Time];
            observation.Clear();
        });
        var observation = new double[4];
        double[] expected = [1.5, -1.5, 0.25, -0.125, 0.5, 1.5, -1.5, 0, 0.5, 0.25, 1, 0.36, 0.48, 0.48, 0.64, 0];
        for (var episode = 0; episode < 3; episode++)
        {
            environment.Reset(episode, observation);
            Assert.That(start, Is.EqualTo(expected).Within(1e-15), $"episode {episode}");
            for (var step = 0; step < 5; step++) environment.Step([2, -1, 1], observation);
            Assert.That(start, Is.Not.EqualTo(expected).Within(1e-3));
        }
    }

    // The case that keyframes are for: from its zero the arm is thrown by the limits of its joints, in its keyframe the servos hold it.
    [Test]
    public void An_arm_whose_zero_is_out_of_its_range_begins_at_rest()
    {
        Assert.That(SpeedAfterStep(null), Is.GreaterThan(3));
        Assert.That(SpeedAfterStep("ready"), Is.LessThan(1));

        double SpeedAfterStep(string? keyframe)
        {
            using var environment = Environment(keyframe, 0);
            var observation = new double[4];
            environment.Reset(1, observation);
            environment.Step([1.5, -1.5, 0], observation);
            return Math.Max(Math.Abs(observation[2]), Math.Abs(observation[3]));
        }
    }

    [Test]
    public void The_noise_is_added_to_the_keyframe()
    {
        using var environment = Environment("ready", 0.1);
        var observation = new double[4];
        var starts = Enumerable.Range(0, 200).Select(seed =>
        {
            environment.Reset(seed, observation);
            return (Position: observation[0] - 1.5, Velocity: observation[3] + 0.125);
        }).ToList();
        Assert.That(starts.Max(start => Math.Abs(start.Position)), Is.InRange(0.09, 0.1));
        Assert.That(starts.Max(start => Math.Abs(start.Velocity)), Is.InRange(0.09, 0.1));
        Assert.That(starts.Average(start => start.Position), Is.EqualTo(0).Within(0.02));
    }

    [Test]
    public void A_start_of_ones_own_changes_the_keyframe_or_takes_another()
    {
        var first = _arm.Keyframes[0];
        using var environment = new CustomMujocoEnvironment(_arm, new()
        {
            Reward = _ => 0,
            Keyframe = "ready",
            Start = (random, positions, velocities) =>
            {
                if (random.NextInt32(2) == 0) first.Positions.CopyTo(positions);
                velocities[1] = 0;
            },
        });
        var observation = new double[4];
        var starts = Enumerable.Range(0, 20).Select(seed =>
        {
            environment.Reset(seed, observation);
            return string.Join(" ", observation.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        }).Distinct();
        Assert.That(starts, Is.EquivalentTo(new[] { "1.5 -1.5 0.25 0", "1 -1 0.25 0" }));
    }

    [Test]
    public void A_chosen_state_keeps_what_else_the_keyframe_sets()
    {
        var activation = 0.0;
        using var environment = Environment("ready", 0, (state, observation) =>
        {
            activation = state.Activations[0];
            state.Positions.CopyTo(observation);
        });
        var observation = new double[4];
        environment.StartFrom([1, -2], [0, 0], observation);
        Assert.That((observation[0], observation[1], activation), Is.EqualTo((1.0, -2.0, 0.5)));
    }

    // MuJoCo changes the last bit of a quaternion with each step, that of a body which is moved from outside, too.
    [Test]
    public void An_episode_from_a_keyframe_goes_on_from_its_state_bit_for_bit()
    {
        using var first = Environment("ready", 0.01, Everything);
        using var second = Environment("ready", 0.01, Everything);
        var (state, expected, actual) = (new double[first.StateSize], new double[11], new double[11]);
        first.Reset(1, expected);
        for (var step = 0; step < 15; step++) first.Step([1.5 + (0.5 * Math.Sin(step)), -1.5, 0.5], expected);
        first.GetState(state);
        second.SetState(state);
        for (var step = 0; step < 15; step++)
        {
            Assert.That(second.Step([1, -1, -0.5], actual), Is.EqualTo(first.Step([1, -1, -0.5], expected)));
            Assert.That(actual, Is.EqualTo(expected));
        }

        void Everything(MujocoState state, Span<double> observation)
        {
            var target = _arm.FindBody("target");
            state.Positions.CopyTo(observation);
            state.Velocities.CopyTo(observation[2..]);
            state.BodyPosition(target).CopyTo(observation[4..]);
            state.BodyOrientation(target).CopyTo(observation[7..]);
        }
    }

    [Test]
    public void The_picture_shows_the_pose_with_what_is_moved_from_outside()
    {
        var near = SmallModels.Arm.Replace("mpos=\"0.5 0.25 1\"", "mpos=\"0 -2 1\"");
        Assert.That(PictureOf(near).PixelsOtherThan(PictureOf(SmallModels.Arm)), Is.GreaterThan(50));

        static Picture PictureOf(string mjcf)
        {
            using var model = MujocoModel.FromText(mjcf);
            using var environment = new CustomMujocoEnvironment(model, new() { Reward = _ => 0, Keyframe = "ready" });
            using var renderer = environment.CreateRenderer(Picture.Width, Picture.Height);
            environment.StartFrom([1.5, -1.5], [0, 0], new double[4]);
            return Picture.Of(renderer);
        }
    }

    [TestCase("redy", "The nearest: ready. Their numbers are 0 to 1.")]
    [TestCase("2", "Their numbers are 0 to 1.")]
    [TestCase("-1", "Their numbers are 0 to 1.")]
    [TestCase(" 1", "Their numbers are 0 to 1.")]
    public void A_keyframe_that_is_not_there_is_refused_with_those_that_are(string name, string hint)
    {
        Assert.That(() => _arm.FindKeyframe(name),
            Throws.ArgumentException.With.Message.Contains($"no keyframe named '{name}'").And.Message.Contains(hint).And.Property("ParamName").EqualTo("name"));
        Assert.That(() => Environment(name, 0), Throws.ArgumentException.With.Message.Contains(hint).And.Property("ParamName").EqualTo("Keyframe"));
    }

    [Test]
    public void A_keyframe_of_a_model_that_has_none_is_refused()
    {
        using var cart = MujocoModel.FromText(SmallModels.Cart);
        Assert.That(cart.Keyframes, Is.Empty);
        Assert.That(() => cart.FindKeyframe("ready"), Throws.ArgumentException.With.Message.Contains("It has none at all."));
        using var nameless = MujocoModel.FromText(SmallModels.Cart.Replace("</mujoco>", "<keyframe><key qpos=\"1\"/><key/></keyframe></mujoco>"));
        Assert.That(() => nameless.FindKeyframe("ready"),
            Throws.ArgumentException.With.Message.Contains("It has 2, all without a name. Their numbers are 0 to 1."));
        Assert.That(() => nameless.FindKeyframe(""), Throws.ArgumentException);
        Assert.That(() => new CustomMujocoEnvironment(nameless, new() { Reward = _ => 0, Keyframe = "" }),
            Throws.ArgumentException.With.Message.Contains("Keyframe"));
    }

    [Test]
    public void Keyframes_outlive_their_model_but_are_not_read_after_it()
    {
        var ready = _arm.FindKeyframe("ready");
        _arm.Dispose();
        Assert.That(ready.Positions.ToArray(), Is.EqualTo(Ready));
        Assert.That(() => _arm.Keyframes, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => _arm.FindKeyframe("ready"), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_file_may_be_begun_in_its_keyframe()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["arm.xml"], SmallModels.Arm);
        using var environment = new MLContext(1).Reinforcement()
            .Environments.MujocoFile(folder["arm.xml"], new() { Reward = _ => 0, Keyframe = "ready", PositionNoise = 0 });
        var observation = new double[4];
        environment.Reset(1, observation);
        Assert.That(observation[..2], Is.EqualTo(Ready));
    }

    private CustomMujocoEnvironment Environment(string? keyframe, double noise, MujocoObserver? observe = null) => new(_arm, new()
    {
        Reward = _ => 0,
        Keyframe = keyframe,
        PositionNoise = noise,
        VelocityNoise = noise,
        Observe = observe,
        ObservationSize = observe is null ? null : observe.Method.Name.Contains("Everything", StringComparison.Ordinal) ? 11 : 4,
    });
}
