using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tests;

/// <summary>The half cheetah of MBBL: it moves as gym's, and is paid for its speed before the step.</summary>
public class MbblHalfCheetahTests
{
    [Test]
    public void It_moves_as_gyms_and_is_paid_for_its_speed_before_the_step()
    {
        using var environment = MujocoTasks.MbblHalfCheetah.Create();
        using var gyms = MujocoTasks.HalfCheetah.Create();
        var (observation, expected, action, random) = (new double[17], new double[17], new double[6], new RandomSource(1));
        environment.Reset(3, observation);
        gyms.Reset(3, expected);
        Assert.That(observation, Is.EqualTo(expected));
        Assert.That(observation[8], Is.Not.Zero, "the first reward counts the speed of the start");
        for (var step = 0; step < 40; step++)
        {
            environment.ActionSpace.Sample(random, action);
            var speed = observation[8];
            var result = environment.Step(action, observation);
            gyms.Step(action, expected);
            Assert.That(result.Reward, Is.EqualTo(speed - (0.1 * action.Sum(value => value * value))).Within(1e-12));
            Assert.That((observation, result.Terminated), Is.EqualTo((expected, false)));
        }
    }

    [Test]
    public void A_state_that_is_set_pays_its_own_speed()
    {
        using var environment = MujocoTasks.MbblHalfCheetah.Create();
        var (observation, state, action) = (new double[17], new double[environment.StateSize], new double[6]);
        environment.Reset(1, observation);
        for (var step = 0; step < 5; step++) environment.Step([1, -1, 1, -1, 1, -1], observation);
        environment.GetState(state);
        var speed = observation[8];
        environment.Reset(2, observation);
        environment.SetState(state);
        Assert.That(environment.Step(action, observation).Reward, Is.EqualTo(speed));
    }

    [Test]
    public void The_known_reward_is_that_of_the_environment()
    {
        using var environment = MujocoTasks.MbblHalfCheetah.Create();
        Assert.That(environment.Reward, Is.SameAs(MujocoTasks.MbblHalfCheetah.KnownReward));
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (observation, action) = (TorchSharp.torch.zeros(1, 17), TorchSharp.torch.zeros(1, 6));
        (observation[0, 8], action[0, 1]) = (0.5f, 2f);
        Assert.That(environment.Reward!.Evaluate(observation, action, TorchSharp.torch.ones(1, 17)).item<float>(), Is.EqualTo(0.1).Within(1e-6));
    }
}
