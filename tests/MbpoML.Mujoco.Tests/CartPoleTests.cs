using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tests;

/// <summary>The cart-poles of PETS and of dm_control move as the equations of motion say, worked out by hand from the published constants.</summary>
public class CartPoleTests
{
    private const double Gravity = 9.81;

    [Test]
    public void The_cart_pole_of_dm_control_moves_as_its_equations_say()
    {
        // 1 kg and 0.1 kg; the pole is a capsule of 1 m with a radius of 0.045 m, standing up at the angle 0.
        var body = new Body(CartMass: 1, PoleMass: 0.1, CenterX: 0, CenterZ: 0.5, Inertia(0.1, 1, 0.045), CartDamping: 5e-4, PoleDamping: 2e-6, Gear: 10);
        AssertMovesAs(MujocoTasks.DmcCartPoleSwingUp, body, timeStep: 0.01, substeps: 1, mostAction: 1);
    }

    [Test]
    public void The_cart_pole_of_PETS_moves_as_its_equations_say()
    {
        // Capsules of water: the cart 0.2 m long and 0.1 m in radius, the pole hanging from the origin to (0.001, -0.6), 0.049 m in radius.
        var length = Math.Sqrt((0.001 * 0.001) + (0.6 * 0.6));
        var poleMass = 1000 * Volume(length, 0.049);
        var body = new Body(1000 * Volume(0.2, 0.1), poleMass, 0.0005, -0.3, Inertia(poleMass, length, 0.049), CartDamping: 1, PoleDamping: 1, Gear: 100);
        AssertMovesAs(MujocoTasks.MbrlCartPole, body, timeStep: 0.02, substeps: 2, mostAction: 3);
    }

    // Four factors: (cos + 1)/2, (1 + g(x, 2))/2, (4 + max(0, 1 - u²))/5, (1 + g(θ', 5))/2, where g(x, m) = 0.1^((x/m)²).
    [TestCase(0, 0, 0, 0, 1)]
    [TestCase(0, Math.PI / 2, 0, 0, 0.5)]
    [TestCase(1, 0, 0, 0, 0.78117066)]
    [TestCase(0, 0, 2.5, 0, 0.78117066)]
    [TestCase(0, 0, 0, 1, 0.8)]
    [TestCase(0, 0, 0, 0.5, 0.95)]
    public void The_reward_of_dm_control_has_its_four_factors(double position, double angle, double speed, double action, double expected)
    {
        float[] next = [(float)position, (float)Math.Cos(angle), (float)Math.Sin(angle), 0, (float)speed];
        Assert.That(Known(MujocoTasks.DmcCartPoleSwingUp, next, [(float)action]), Is.EqualTo(expected).Within(1e-6));
    }

    // exp(-d²/0.36) - 0.01 a², d from the tip (x - 0.6 sin θ, -0.6 cos θ) to (0, 0.6).
    [TestCase(0, Math.PI, 0, 1)]
    [TestCase(0, Math.PI, 3, 0.91)]
    [TestCase(0.6, Math.PI, 0, 0.36787944)]
    [TestCase(0, 0, 0, 0.01831564)]
    [TestCase(0.6, Math.PI / 2, 1, 0.35787944)]
    public void The_reward_of_PETS_is_that_of_the_tip(double position, double angle, double action, double expected) =>
        Assert.That(Known(MujocoTasks.MbrlCartPole, [(float)position, (float)Math.Sin(angle), (float)Math.Cos(angle), 1, -1], [(float)action]),
            Is.EqualTo(expected).Within(1e-6));

    [Test]
    public void The_speed_in_front_of_the_half_cheetah_is_what_it_has_gone()
    {
        using var environment = MujocoTasks.MbrlHalfCheetah.Create();
        var (observation, state, random) = (new double[18], new double[environment.StateSize], new RandomSource(1));
        environment.Reset(1, observation);
        Assert.That(observation[0], Is.Zero);
        var (action, place) = (new double[6], Place());
        for (var step = 0; step < 40; step++)
        {
            environment.ActionSpace.Sample(random, action);
            var result = environment.Step(action, observation);
            Assert.That(observation[0], Is.EqualTo((Place() - place) / 0.05).Within(1e-12));
            Assert.That(result.Reward, Is.EqualTo(observation[0] - (0.1 * action.Sum(value => value * value))).Within(1e-12));
            Assert.That(observation[1], Is.EqualTo(state[1]), "the height follows");
            place = Place();
        }

        double Place()
        {
            environment.GetState(state);
            return state[0];
        }
    }

    // The rest of the observation, and all that moves, is gym's.
    [Test]
    public void Apart_from_that_speed_it_is_the_half_cheetah()
    {
        using var environment = MujocoTasks.MbrlHalfCheetah.Create();
        using var other = MujocoTasks.HalfCheetah.Create();
        var (observation, expected, positions, velocities) = (new double[18], new double[17], new double[9], new double[9]);
        environment.StartFrom(positions, velocities, observation);
        other.StartFrom(positions, velocities, expected);
        for (var step = 0; step < 20; step++)
        {
            double[] action = [.. Enumerable.Range(0, 6).Select(motor => Math.Sin(step + motor))];
            Assert.That(environment.Step(action, observation).Reward, Is.EqualTo(other.Step(action, expected).Reward).Within(1e-12));
            Assert.That(observation[1..], Is.EqualTo(expected));
        }
    }

    [Test]
    public void Their_rewards_are_known_to_those_who_plan()
    {
        foreach (var task in new[] { MujocoTasks.MbrlCartPole, MujocoTasks.MbrlHalfCheetah })
        {
            using var environment = task.Create();
            Assert.That(environment.Reward, Is.SameAs(task.KnownReward));
            Assert.That(environment.MaxEpisodeSteps, Is.EqualTo(task == MujocoTasks.MbrlCartPole ? 200 : 1000));
        }
    }

    private static float Known(MujocoTask task, float[] next, float[] action)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var rows = TorchSharp.torch.tensor(next, 1, next.Length);
        return task.KnownReward!.Evaluate(rows, TorchSharp.torch.tensor(action, 1, action.Length), rows).item<float>();
    }

    private static void AssertMovesAs(MujocoTask task, Body body, double timeStep, int substeps, double mostAction)
    {
        using var environment = task.Create();
        Assert.That(environment.StepDuration, Is.EqualTo(timeStep * substeps).Within(1e-15));
        var (observation, state, random) = (new double[task.ObservationSize], new double[environment.StateSize], new RandomSource(2));
        for (var episode = 0; episode < 20; episode++)
        {
            double[] expected =
                [random.NextUniform(-1, 1), random.NextUniform(-4, 4), random.NextUniform(-1, 1), random.NextUniform(-6, 6)];
            environment.StartFrom(expected.AsSpan(0, 2), expected.AsSpan(2), observation);
            // Short enough to stay away from the ends of the rail, where the cart is held by MuJoCo's soft limits.
            for (var step = 0; step < 8; step++)
            {
                // Beyond the bounds it is clamped.
                var action = random.NextUniform(-1.3 * mostAction, 1.3 * mostAction) * (task == MujocoTasks.MbrlCartPole ? 0.1 : 1);
                environment.Step([action], observation);
                for (var substep = 0; substep < substeps; substep++) expected = body.Advance(expected, Math.Clamp(action, -mostAction, mostAction), timeStep);
                environment.GetState(state);
                Assert.That(state[..4], Is.EqualTo(expected).Within(1e-9), $"episode {episode}, step {step}");
            }
        }
    }

    private static double Volume(double length, double radius) => (Math.PI * radius * radius * length) + (4.0 / 3 * Math.PI * radius * radius * radius);

    // Of a capsule around an axis across its middle: a cylinder, and two half balls whose centres of mass stand 3/8 of the radius outside its ends.
    private static double Inertia(double mass, double length, double radius)
    {
        var ends = mass * 4.0 / 3 * radius / ((4.0 / 3 * radius) + length);
        var cylinder = (mass - ends) * ((3 * radius * radius) + (length * length)) / 12;
        var offset = (length / 2) + (3.0 / 8 * radius);
        return cylinder + (ends * (((2.0 / 5) - (9.0 / 64)) * radius * radius)) + (ends * offset * offset);
    }

    /// <summary>A cart with a rigid pole on a hinge: Lagrange's equations, advanced by the classical Runge-Kutta method.</summary>
    private sealed record Body(
        double CartMass, double PoleMass, double CenterX, double CenterZ, double PoleInertia, double CartDamping, double PoleDamping, double Gear)
    {
        // Position, angle, and their velocities.
        public double[] Advance(double[] state, double action, double step)
        {
            var first = Change(state, action);
            var second = Change(Moved(state, first, step / 2), action);
            var third = Change(Moved(state, second, step / 2), action);
            var fourth = Change(Moved(state, third, step), action);
            return [.. state.Select((value, index) =>
                value + (step / 6 * (first[index] + (2 * second[index]) + (2 * third[index]) + fourth[index])))];
        }

        private static double[] Moved(double[] state, double[] change, double step) => [.. state.Zip(change, (value, rate) => value + (step * rate))];

        private double[] Change(double[] state, double action)
        {
            var (sin, cos) = Math.SinCos(state[1]);
            // The pole's centre of mass from the hinge, and how it moves with the angle.
            var (x, along) = ((CenterX * cos) + (CenterZ * sin), (CenterZ * cos) - (CenterX * sin));
            var (a11, a12) = (CartMass + PoleMass, PoleMass * along);
            var a22 = PoleInertia + (PoleMass * ((CenterX * CenterX) + (CenterZ * CenterZ)));
            var b1 = (Gear * action) - (CartDamping * state[2]) + (PoleMass * x * state[3] * state[3]);
            var b2 = (PoleMass * Gravity * x) - (PoleDamping * state[3]);
            var determinant = (a11 * a22) - (a12 * a12);
            return [state[2], state[3], ((b1 * a22) - (a12 * b2)) / determinant, ((a11 * b2) - (a12 * b1)) / determinant];
        }
    }
}
