using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tests;

/// <summary>What every task promises: starts from seeds, time limit, errors.</summary>
[TestFixtureSource(typeof(MujocoTasks), nameof(MujocoTasks.All))]
public class EnvironmentTests(MujocoTask task)
{
    [Test]
    public void Equal_seeds_give_equal_episodes_and_others_do_not()
    {
        var episode = Episode(seed: 1);
        Assert.That(Episode(seed: 1), Is.EqualTo(episode));
        Assert.That(Episode(seed: 2), Is.Not.EqualTo(episode));
    }

    [Test]
    public void Starts_spread_as_far_as_the_task_says()
    {
        // Half widths of uniform noise; a normal one is given by its deviation, and marked by a minus.
        var (position, velocity) = task.Name switch
        {
            "InvertedPendulum" or "Humanoid" => (0.01, 0.01),
            "Hopper" or "Walker2d" => (0.005, 0.005),
            "MbrlCartPole" => (-0.1, -0.1),
            "MbrlHalfCheetah" => (-0.001, -0.001),
            "MbrlSwimmer" => (0.1, 0.1),
            "DmcCartPoleSwingUp" => (-0.01, -0.01),
            _ => (0.1, -0.1),
        };
        using var environment = task.Create();
        var (state, observation) = (new double[environment.StateSize], new double[task.ObservationSize]);
        var (joint, speeds) = (environment.Model.PositionSize - 1, new List<double>());
        var positions = new List<double>();
        for (var seed = 0; seed < 400; seed++)
        {
            environment.Reset(seed, observation);
            environment.GetState(state);
            positions.Add(state[joint] - (task == MujocoTasks.DmcCartPoleSwingUp ? Math.PI : 0));
            speeds.Add(state[environment.Model.PositionSize]);
        }

        Assert.Multiple(() =>
        {
            AssertSpread(positions, position);
            Assert.That(positions.Average(), Is.EqualTo(0).Within(0.2 * Math.Abs(position)));
            AssertSpread(speeds, velocity);
        });

        static void AssertSpread(List<double> values, double width)
        {
            if (width > 0) Assert.That(values.Max(Math.Abs), Is.InRange(0.95 * width, width));
            else Assert.That(Math.Sqrt(values.Average(value => value * value)), Is.EqualTo(-width).Within(10).Percent);
        }
    }

    [Test]
    public void Many_threads_share_a_model_and_give_what_one_gives()
    {
        var expected = Enumerable.Range(0, 8).Select(Episode).ToArray();
        var actual = new double[8][];
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, seed => actual[seed] = Episode(seed));
        Assert.That(actual, Is.EqualTo(expected));
    }

    [Test]
    public void Steps_allocate_nothing()
    {
        using var environment = task.Create();
        var (observation, action) = (new double[task.ObservationSize], new double[task.ActionSize]);
        environment.Reset(1, observation);
        for (var step = 0; step < 30; step++) environment.Step(action, observation);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 30; step++) environment.Step(action, observation);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void An_action_that_is_no_number_is_refused_and_the_episode_goes_on(double value)
    {
        using var environment = task.Create();
        var (observation, action) = (new double[task.ObservationSize], new double[task.ActionSize]);
        environment.Reset(1, observation);
        action[^1] = value;
        Assert.That(() => environment.Step(action, observation), Throws.ArgumentException.With.Message.Contains($"Dimension {task.ActionSize - 1}"));
        action[^1] = 0;
        Assert.That(environment.Step(action, observation).Reward, Is.Not.NaN);
    }

    [Test]
    public void A_start_that_is_no_number_is_an_error_after_which_a_reset_helps()
    {
        using var environment = task.Create();
        var observation = new double[task.ObservationSize];
        var (positions, velocities) = (new double[environment.Model.PositionSize], new double[environment.Model.VelocitySize]);
        velocities[0] = double.NaN;
        Assert.That(
            () =>
            {
                environment.StartFrom(positions, velocities, observation);
                environment.Step(new double[task.ActionSize], observation);
            },
            Throws.InstanceOf<MujocoException>().With.Message.Contains("unstable"));
        Assert.That(() => environment.Step(new double[task.ActionSize], observation), Throws.InvalidOperationException);
        environment.Reset(1, observation);
        environment.Step(new double[task.ActionSize], observation);
    }

    [Test]
    public void Steps_before_a_reset_and_wrong_lengths_are_refused()
    {
        using var environment = task.Create();
        var observation = new double[task.ObservationSize];
        Assert.Multiple(() =>
        {
            Assert.That(() => environment.Step(new double[task.ActionSize], observation), Throws.InvalidOperationException.With.Message.Contains("reset"));
            Assert.That(() => environment.Reset(1, new double[1]), Throws.ArgumentException.With.Message.Contains("1 elements"));
            Assert.That(() => environment.GetState(new double[1]), Throws.ArgumentException);
            Assert.That(() => environment.SetState(new double[1]), Throws.ArgumentException);
            Assert.That(() => environment.StartFrom([1], new double[environment.Model.VelocitySize], observation),
                Throws.ArgumentException.With.Message.Contains("positions"));
            Assert.That(() => environment.StartFrom(new double[environment.Model.PositionSize], [], observation),
                Throws.ArgumentException.With.Message.Contains("velocities"));
        });
        environment.Reset(1, observation);
        Assert.That(() => environment.Step(new double[task.ActionSize + 1], observation), Throws.ArgumentException.With.Message.Contains("action"));
        Assert.That(() => environment.Step(new double[task.ActionSize], new double[1]), Throws.ArgumentException.With.Message.Contains("observation"));
    }

    [Test]
    public void A_disposed_environment_is_refused_everywhere()
    {
        var environment = task.Create();
        var (state, observation) = (new double[environment.StateSize], new double[task.ObservationSize]);
        environment.Reset(1, observation);
        environment.Dispose();
        environment.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(() => environment.Reset(1, observation), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => environment.Step(new double[task.ActionSize], observation), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => environment.GetState(state), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => environment.SetState(state), Throws.InstanceOf<ObjectDisposedException>());
        });
    }

    // A checkpoint from a stranger may hold anything.
    [Test]
    public void Any_state_gives_steps_or_an_error()
    {
        using var environment = task.Create();
        var (state, observation, action) = (new double[environment.StateSize], new double[task.ObservationSize], new double[task.ActionSize]);
        var random = new RandomSource(1);
        for (var trial = 0; trial < 50; trial++)
        {
            for (var index = 0; index < state.Length; index++) state[index] = BitConverter.UInt64BitsToDouble(random.NextUInt64());
            environment.SetState(state);
            try
            {
                environment.Step(action, observation);
                Assert.That(observation, Is.All.Matches<double>(double.IsFinite));
            }
            catch (Exception exception) when (exception is MujocoException or InvalidOperationException)
            {
                // What the test allows: bits at random are rarely a state.
            }
        }

        environment.Reset(1, observation);
        environment.Step(action, observation);
    }

    [Test]
    public void A_fault_is_reported_with_episode_and_step_where_calls_are_checked()
    {
        using var environment = task.Create().WithChecks();
        var observation = new double[task.ObservationSize];
        environment.Reset(1, observation);
        environment.Step(new double[task.ActionSize], observation);
        var state = new double[environment.StateSize];
        environment.GetState(state);
        state[0] = 1e30;
        environment.SetState(state);
        Assert.That(
            () => environment.Step(new double[task.ActionSize], observation),
            Throws.InstanceOf<EnvironmentException>().With.Property("Episode").EqualTo(1).And.Property("Step").EqualTo(2)
                .And.InnerException.InstanceOf<MujocoException>());
    }

    private double[] Episode(int seed)
    {
        using var environment = task.Create();
        var (observation, action, random) = (new double[task.ObservationSize], new double[task.ActionSize], new RandomSource(seed));
        environment.Reset(seed, observation);
        var all = new List<double>(observation);
        for (var step = 0; step < 60; step++)
        {
            environment.ActionSpace.Sample(random, action);
            all.Add(environment.Step(action, observation).Reward);
            all.AddRange(observation);
        }

        return [.. all];
    }
}
