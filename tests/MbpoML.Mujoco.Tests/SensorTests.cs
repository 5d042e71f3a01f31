using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tests;

/// <summary>Sensors, orientations and velocities in the world: all of the new state, whatever the integrator leaves behind.</summary>
[Category("Text")]
public class SensorTests
{
    private const int Steps = 120;

    private MujocoModel _model = null!;

    private delegate ReadOnlySpan<double> MujocoRead(MujocoState state);

    [SetUp]
    public void MakeModel() => _model = MujocoModel.FromText(SmallModels.Tumbler);

    [TearDown]
    public void DisposeModel() => _model.Dispose();

    [Test]
    public void Sensors_have_names_and_sizes()
    {
        Assert.That(_model.Sensors.Select(sensor => sensor.Size), Is.EqualTo(new[] { 3, 3, 3, 4, 4, 3, 3, 3, 3, 3, 1, 1, 1 }));
        Assert.That(_model.Sensors.Select(sensor => sensor.Number), Is.EqualTo(Enumerable.Range(0, 13)));
        Assert.That((_model.FindSensor("angle"), _model.Sensors[10].Name, _model.Sensors[11].Name), Is.EqualTo((10, "angle", "")));
        Assert.That(() => _model.FindSensor("gyros"), Throws.ArgumentException.With.Message.Contains("no sensor named 'gyros'. The nearest: gyro"));
        using var cart = MujocoModel.FromText(SmallModels.Cart);
        Assert.That(cart.Sensors, Is.Empty);
        Assert.That(() => cart.FindSensor("gyro"), Throws.ArgumentException.With.Message.Contains("It has none at all."));
        Assert.That(() => cart.FindBody("card"), Throws.ArgumentException.With.Message.Contains("The nearest: cart, world."));
    }

    // Each sensor against the same quantity from elsewhere, after the reset and after each step, in the air and in contact.
    [Test]
    public void Sensors_measure_the_state_that_is_observed()
    {
        var (tip, arm) = (_model.FindSite("tip"), _model.FindBody("arm"));
        var checks = 0;
        using var environment = Environment((state, observation) =>
        {
            state.Positions.CopyTo(observation);
            state.Velocities.CopyTo(observation[8..]);
            Same("gyro", state, state.SiteAngularVelocity(tip, MujocoFrame.Local));
            Same("velocimeter", state, state.SiteLinearVelocity(tip, MujocoFrame.Local));
            Same("velocity of the tip", state, state.SiteLinearVelocity(tip));
            Same("turning of the tip", state, state.SiteAngularVelocity(tip));
            Same("velocity of the arm", state, state.BodyLinearVelocity(arm));
            Same("turning of the arm", state, state.BodyAngularVelocity(arm));
            Same("turn of the arm", state, state.BodyOrientation(arm));
            Same("place of the tip", state, state.SitePosition(tip));
            Same("angle", state, state.Positions[7..]);
            Assert.That(state.Sensor(11)[0], Is.EqualTo(state.Velocities[6]));
            Assert.That(state.Sensor(12)[0], Is.EqualTo(state.Controls[0]).Within(1e-15));
            AssertSameTurn(state.Sensor(3), state.SiteOrientation(tip));
            checks++;
        });
        Run(environment, Steps);
        Assert.That(checks, Is.EqualTo(Steps + 1));

        void Same(string sensor, MujocoState state, ReadOnlySpan<double> expected) =>
            Assert.That(state.Sensor(_model.FindSensor(sensor)).ToArray(), Is.EqualTo(expected.ToArray()).Within(1e-12), sensor);
    }

    // The order in which they are read decides what has been computed before: velocities must be right also where no sensor is read.
    [Test]
    public void Velocities_are_those_of_the_places_and_turns()
    {
        var (tip, arm) = (_model.FindSite("tip"), _model.FindBody("arm"));
        var places = new List<double[]>();
        var velocities = new List<double[]>();
        var turns = new List<double[]>();
        using var environment = Environment(
            (state, observation) =>
            {
                observation.Clear();
                velocities.Add([.. state.SiteLinearVelocity(tip), .. state.BodyAngularVelocity(arm), .. state.BodyAngularVelocity(arm, MujocoFrame.Local)]);
                places.Add(state.SitePosition(tip).ToArray());
                turns.Add(state.BodyRotation(arm).ToArray());
            },
            SmallModels.Tumbler.Replace("timestep=\"0.005\"", "timestep=\"0.0001\""),
            frameSkip: 1);
        Run(environment, 30, isSteady: true);
        for (var step = 1; step < 30; step++)
        {
            var (before, after, rotation) = (turns[step - 1], turns[step + 1], turns[step]);
            // Central differences over 2 x 0.0001 s. The turning is what is left of (dR/dt) R^T.
            var rates = Enumerable.Range(0, 9).Select(index => (after[index] - before[index]) / 0.0002).ToArray();
            double[] turning = [Row(2, 1), Row(0, 2), Row(1, 0)];
            Assert.That(velocities[step][..3], Is.EqualTo(Enumerable.Range(0, 3).Select(axis => (places[step + 1][axis] - places[step - 1][axis]) / 0.0002))
                .Within(1e-4), $"step {step}");
            Assert.That(velocities[step][3..6], Is.EqualTo(turning).Within(1e-4), $"step {step}");
            double[] local =
                [.. Enumerable.Range(0, 3).Select(axis => Enumerable.Range(0, 3).Sum(row => rotation[(3 * row) + axis] * velocities[step][3 + row]))];
            Assert.That(velocities[step][6..], Is.EqualTo(local).Within(1e-12), $"step {step}");

            double Row(int row, int column) => Enumerable.Range(0, 3).Sum(index => rates[(3 * row) + index] * rotation[(3 * column) + index]);
        }
    }

    [Test]
    public void Matrices_and_quaternions_are_the_same_turns()
    {
        var (tip, arm) = (_model.FindSite("tip"), _model.FindBody("arm"));
        using var environment = Environment((state, observation) =>
        {
            observation.Clear();
            Assert.That(state.BodyRotation(arm).ToArray(), Is.EqualTo(Matrix(state.BodyOrientation(arm))).Within(1e-12));
            Assert.That(state.SiteRotation(tip).ToArray(), Is.EqualTo(Matrix(state.SiteOrientation(tip))).Within(1e-12));
            Assert.That(state.BodyOrientation(0).ToArray(), Is.EqualTo(new[] { 1.0, 0, 0, 0 }), "the world");
        });
        Run(environment, 40);

        static double[] Matrix(ReadOnlySpan<double> q) =>
        [
            1 - (2 * ((q[2] * q[2]) + (q[3] * q[3]))), 2 * ((q[1] * q[2]) - (q[0] * q[3])), 2 * ((q[1] * q[3]) + (q[0] * q[2])),
            2 * ((q[1] * q[2]) + (q[0] * q[3])), 1 - (2 * ((q[1] * q[1]) + (q[3] * q[3]))), 2 * ((q[2] * q[3]) - (q[0] * q[1])),
            2 * ((q[1] * q[3]) - (q[0] * q[2])), 2 * ((q[2] * q[3]) + (q[0] * q[1])), 1 - (2 * ((q[1] * q[1]) + (q[2] * q[2]))),
        ];
    }

    // By hand: the motor's 2 N a unit on 1 kg along x, and what holds the cart against 10 m/s^2 along z.
    [Test]
    public void An_accelerometer_measures_what_the_step_s_control_does()
    {
        var readings = new List<double>();
        using var model = MujocoModel.FromText(SmallModels.Cart.Replace("</mujoco>", "<sensor><accelerometer name=\"a\" site=\"mast\"/></sensor></mujoco>"));
        using var environment = new CustomMujocoEnvironment(model, new() { Reward = step => step.State.Sensor(0)[0], Progress = state => state.Sensor(0)[2] });
        var observation = new double[2];
        environment.Reset(1, observation);
        foreach (var control in new[] { 0.5, -2, 0 }) readings.Add(environment.Step([control], observation).Reward);
        Assert.That(readings, Is.EqualTo(new[] { 1.0, -4, 0 }).Within(1e-12));
    }

    [Test]
    public void Readings_change_neither_the_episode_nor_other_readings()
    {
        List<double[]> silent = [], read = [];
        using var watched = Environment((state, observation) =>
        {
            for (var sensor = 0; sensor < _model.Sensors.Count; sensor++) _ = state.Sensor(sensor);
            _ = state.BodyLinearVelocity(2);
            read.Add(Everything(state));
            observation.Clear();
        });
        using var alone = Environment((state, observation) =>
        {
            silent.Add(Everything(state));
            observation.Clear();
        });
        Assert.That(Run(watched, Steps), Is.EqualTo(Run(alone, Steps)), "the state, the solver's start included");
        Assert.That(read, Is.EqualTo(silent));
        Assert.That(silent.Any(values => values[^1] != 0), "it touched the floor");

        static double[] Everything(MujocoState state) =>
            [.. state.Positions, .. state.Velocities, .. state.BodyPosition(2), .. state.BodyOrientation(2), .. state.ContactForce(1),
                .. state.ConstraintForces];
    }

    [Test]
    public void An_episode_whose_sensors_are_observed_goes_on_from_its_state_bit_for_bit()
    {
        MujocoObserver observe = (state, observation) =>
        {
            state.Sensor(0).CopyTo(observation);
            state.Sensor(2).CopyTo(observation[3..]);
            state.BodyLinearVelocity(1).CopyTo(observation[6..]);
        };
        using var first = Environment(observe);
        using var second = Environment(observe);
        var (state, expected, actual) = (new double[first.StateSize], new double[15], new double[15]);
        first.Reset(1, expected);
        for (var step = 0; step < 60; step++) first.Step([Math.Sin(step)], expected);
        first.GetState(state);
        second.SetState(state);
        for (var step = 0; step < 60; step++)
        {
            Assert.That(second.Step([0.5], actual), Is.EqualTo(first.Step([0.5], expected)));
            Assert.That(actual, Is.EqualTo(expected));
        }
    }

    [Test]
    public void A_view_stays_right_while_another_is_asked_for()
    {
        using var environment = Environment((state, observation) =>
        {
            observation.Clear();
            var world = state.BodyAngularVelocity(1);
            var local = state.BodyAngularVelocity(1, MujocoFrame.Local);
            var arm = state.BodyAngularVelocity(2);
            var turn = state.SiteOrientation(0);
            double[] before = [.. world, .. local, .. arm, .. turn];
            _ = state.Sensor(0);
            _ = state.SiteAngularVelocity(0);
            Assert.That(before, Is.EqualTo((double[])[.. world, .. local, .. arm, .. turn]));
            Assert.That(world.ToArray(), Is.Not.EqualTo(local.ToArray()));
        });
        Run(environment, 3);
    }

    [Test]
    public void Readings_allocate_nothing()
    {
        using var environment = Environment((state, observation) =>
        {
            observation.Clear();
            state.Sensor(2).CopyTo(observation);
            state.SiteAngularVelocity(0).CopyTo(observation);
            state.SiteOrientation(0).CopyTo(observation);
        });
        var (observation, action) = (new double[15], new double[1]);
        environment.Reset(1, observation);
        for (var step = 0; step < 30; step++) environment.Step(action, observation);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 30; step++) environment.Step(action, observation);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [TestCase(-1)]
    [TestCase(13)]
    [TestCase(int.MaxValue)]
    public void Numbers_that_are_not_there_are_refused(int number)
    {
        Refused("sensor", 12, state => state.Sensor(number));
        Refused("body", 2, state => state.BodyOrientation(number));
        Refused("body", 2, state => state.BodyRotation(number));
        Refused("body", 2, state => state.BodyLinearVelocity(number));
        Refused("body", 2, state => state.BodyAngularVelocity(number));
        Refused("site", 0, state => state.SiteOrientation(number));
        Refused("site", 0, state => state.SiteRotation(number));
        Refused("site", 0, state => state.SiteLinearVelocity(number));
        Refused("site", 0, state => state.SiteAngularVelocity(number));

        void Refused(string name, int last, MujocoRead read) => RefusedWith($"There is no {name} {number}: the model has the numbers 0 to {last}.", read);
    }

    [Test]
    public void An_unknown_frame_is_refused()
    {
        RefusedWith("There is no frame 7", state => state.BodyLinearVelocity(1, (MujocoFrame)7));
        RefusedWith("There is no frame 7", state => state.SiteAngularVelocity(0, (MujocoFrame)7));
    }

    private void RefusedWith(string message, MujocoRead read)
    {
        using var environment = new CustomMujocoEnvironment(_model, new() { Reward = _ => 0, Progress = state => read(state)[0] });
        Assert.That(() => environment.Reset(1, new double[15]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(message));
    }

    private static void AssertSameTurn(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        // A quaternion and its negative are the same turn.
        var sign = Math.Sign((actual[0] * expected[0]) + (actual[1] * expected[1]) + (actual[2] * expected[2]) + (actual[3] * expected[3]));
        for (var index = 0; index < 4; index++) Assert.That(sign * actual[index], Is.EqualTo(expected[index]).Within(1e-12));
    }

    private CustomMujocoEnvironment Environment(MujocoObserver observe, string? mjcf = null, int frameSkip = 5)
    {
        using var other = mjcf is null ? null : MujocoModel.FromText(mjcf);
        return new CustomMujocoEnvironment(other ?? _model,
            new() { Reward = _ => 0, Observe = observe, ObservationSize = 15, FrameSkip = frameSkip, ContactForces = true, VelocityNoise = 1 });
    }

    // Gives the state at the end.
    private static double[] Run(CustomMujocoEnvironment environment, int steps, bool isSteady = false)
    {
        var (observation, state, random) = (new double[15], new double[environment.StateSize], new RandomSource(3));
        environment.Reset(2, observation);
        for (var step = 0; step < steps; step++) environment.Step([isSteady ? 0.5 : random.NextUniform(-1, 1)], observation);
        environment.GetState(state);
        return state;
    }
}
