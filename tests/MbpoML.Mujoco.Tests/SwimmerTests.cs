using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tests;

/// <summary>The swimmer of MBBL: its fluid by hand, from the published constants, and what it observes and earns.</summary>
public class SwimmerTests
{
    private const double Radius = 0.1, Length = 1, Density = 4000, Viscosity = 0.1, Armature = 0.1, Mass = 1000 * Volume;
    private const double Cylinder = Math.PI * Radius * Radius * Length, Ball = 4.0 / 3 * Math.PI * Radius * Radius * Radius, Volume = Cylinder + Ball;

    [TestCase(0.3)]
    [TestCase(-1.2)]
    public void A_stretched_body_is_slowed_by_the_fluid_as_its_equation_says(double speed)
    {
        using var environment = MujocoTasks.MbrlSwimmer.Create();
        Assert.That(environment.StepDuration, Is.EqualTo(0.04).Within(1e-15));
        var observation = new double[9];
        environment.StartFrom(new double[5], [speed, 0, 0, 0, 0], observation);
        for (var step = 0; step < 5; step++)
        {
            environment.Step([0, 0], observation);
            for (var substep = 0; substep < 4; substep++) speed = Advanced(speed, 0.01);
            Assert.That(observation[3], Is.EqualTo(speed).Within(1e-9));
            Assert.That(observation[..3].Concat(observation[4..8]), Has.All.EqualTo(0).Within(1e-9), "it stays straight");
        }
    }

    [Test]
    public void The_speed_of_the_tip_is_observed_last_and_paid_in_the_next_step()
    {
        using var environment = MujocoTasks.MbrlSwimmer.Create();
        var (observation, state, random) = (new double[9], new double[environment.StateSize], new RandomSource(1));
        environment.Reset(1, observation);
        Assert.That(observation[8], Is.Zero);
        var action = new double[2];
        for (var step = 0; step < 30; step++)
        {
            environment.ActionSpace.Sample(random, action);
            var (before, place) = (observation[8], Tip());
            var result = environment.Step(action, observation);
            Assert.That(result.Reward, Is.EqualTo(before - (1e-4 * action.Sum(value => value * value))).Within(1e-12));
            // The place is that of the integrator's last stage, as in gym: near the end of the step.
            Assert.That(observation[8], Is.EqualTo((Tip() - place) / 0.04).Within(0.05));
        }

        // The front link turns around the middle of the whole body.
        double Tip()
        {
            environment.GetState(state);
            return state[0] - 1.5 + (1.5 * Math.Cos(state[2]));
        }
    }

    [Test]
    public void The_known_reward_is_that_of_the_environment()
    {
        using var environment = MujocoTasks.MbrlSwimmer.Create();
        Assert.That(environment.Reward, Is.SameAs(MujocoTasks.MbrlSwimmer.KnownReward));
        using var scope = TorchSharp.torch.NewDisposeScope();
        var observation = TorchSharp.torch.tensor(new[] { 0f, 0, 0, 0, 0, 0, 0, 0, 0.5f }, 1, 9);
        var reward = environment.Reward!.Evaluate(observation, TorchSharp.torch.tensor(new[] { 1f, -2f }, 1, 2), TorchSharp.torch.zeros(1, 9));
        Assert.That(reward.item<float>(), Is.EqualTo(0.4995).Within(1e-6));
    }

    // MuJoCo takes each link for the box of equal inertia: Stokes' drag of a ball of its mean side, and the drag of its face.
    private static double Advanced(double speed, double step)
    {
        var first = Change(speed);
        var second = Change(speed + (step / 2 * first));
        var third = Change(speed + (step / 2 * second));
        var fourth = Change(speed + (step * third));
        return speed + (step / 6 * (first + (2 * second) + (2 * third) + fourth));
    }

    private static double Change(double speed)
    {
        var along = 1000 * ((Cylinder * Radius * Radius / 2) + (Ball * 2 / 5 * Radius * Radius));
        var offset = (Length / 2) + (3.0 / 8 * Radius);
        var across = 1000 * ((Cylinder * ((3 * Radius * Radius) + (Length * Length)) / 12) +
            (Ball * ((((2.0 / 5) - (9.0 / 64)) * Radius * Radius) + (offset * offset))));
        var (side, length) = (Math.Sqrt(6 * along / Mass), Math.Sqrt(6 * ((2 * across) - along) / Mass));
        var force = (3 * Math.PI * ((2 * side) + length) / 3 * Viscosity * speed) + (Density / 2 * side * side * Math.Abs(speed) * speed);
        return -3 * force / ((3 * Mass) + Armature);
    }
}
