using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Tests.Environments.Tasks;

public class AnalyticEnvironmentTests
{
    private static readonly object[][] Tasks =
    [
        [new PendulumEnvironment(), "Pendulum-v1", 200],
        [new MountainCarContinuousEnvironment(), "MountainCarContinuous-v0", 999],
        [new CartPoleContinuousEnvironment(), "cartpole_continuous", 200],
        [new CartPoleSwingUpEnvironment(), "pilco_cartpole_swingup", 40],
    ];

    [TestCaseSource(nameof(Tasks))]
    public void Step_equals_the_reference(AnalyticEnvironment task, string name, int maxSteps)
    {
        var rows = ReferenceRow.Load(name);
        Assert.That(rows, Has.Count.EqualTo(1000));
        var observation = new double[task.ObservationSpace.Size];
        var state = new double[task.StateSize];
        Assert.Multiple(() =>
        {
            foreach (var row in rows)
            {
                task.SetState([.. row.State, 0]);
                var result = task.Step(row.Action, observation);
                task.GetState(state);
                Assert.That(state, Is.EqualTo([.. row.NextState, 1.0]).Using<double>(IsClose));
                Assert.That(observation, Is.EqualTo(row.Observation).Using<double>(IsClose));
                Assert.That(result.Reward, Is.EqualTo(row.Reward).Using<double>(IsClose));
                Assert.That(result.Terminated, Is.EqualTo(row.Terminated));
            }
        });
        // Positions and angles of some hundred are compared relatively: a double has no more digits.
        static bool IsClose(double actual, double expected) => Math.Abs(actual - expected) <= 1e-12 * Math.Max(1, Math.Abs(expected));
    }

    [TestCaseSource(nameof(Tasks))]
    public void Termination_agrees_with_every_reference_step(AnalyticEnvironment task, string name, int maxSteps)
    {
        var rows = ReferenceRow.Load(name);
        using var scope = NewDisposeScope();
        var next = Matrix(rows.Select(row => row.Observation));
        var action = Matrix(rows.Select(row => row.Action));
        var terminated = (task.Termination ?? TerminationFunction.Never).Evaluate(next, action, next).data<bool>().ToArray();
        Assert.That(terminated, Is.EqualTo(rows.Select(row => row.Terminated)));
        Assert.That(task.Termination is null, Is.EqualTo(rows.All(row => !row.Terminated)));
    }

    [Test]
    public void Known_rewards_agree_with_the_steps()
    {
        foreach (var task in new AnalyticEnvironment[] { new PendulumEnvironment(knownReward: true), new CartPoleSwingUpEnvironment(knownReward: true) })
        {
            using var scope = NewDisposeScope();
            var (observations, actions, nexts, rewards) = (new List<double[]>(), new List<double[]>(), new List<double[]>(), new List<double>());
            var random = new RandomSource(5);
            var observation = new double[task.ObservationSpace.Size];
            for (var episode = 0; episode < 3; episode++)
            {
                task.Reset(episode, observation);
                for (var step = 0; step < task.MaxSteps; step++)
                {
                    var action = new double[1];
                    task.ActionSpace.Sample(random, action);
                    observations.Add([.. observation]);
                    actions.Add(action);
                    rewards.Add(task.Step(action, observation).Reward);
                    nexts.Add([.. observation]);
                }
            }
            var computed = task.Reward!.Evaluate(Matrix(observations), Matrix(actions), Matrix(nexts)).data<float>().ToArray();
            Assert.That(computed.Select(value => (double)value), Is.EqualTo(rewards).Within(1e-4));
        }
        Assert.That(new PendulumEnvironment().Reward, Is.Null, "the reward is learned by default");
        Assert.That(new CartPoleSwingUpEnvironment().Reward, Is.Null);
    }

    [TestCaseSource(nameof(Tasks))]
    public void Equal_seeds_give_equal_episodes(AnalyticEnvironment task, string name, int maxSteps)
    {
        var first = Episode(task, 7, 30);
        Assert.That(Episode(task, 7, 30), Is.EqualTo(first));
        Assert.That(Episode(task, 8, 30), Is.Not.EqualTo(first));
    }

    [TestCaseSource(nameof(Tasks))]
    public void A_restored_state_continues_exactly(AnalyticEnvironment task, string name, int maxSteps)
    {
        var observation = new double[task.ObservationSpace.Size];
        task.Reset(3, observation);
        for (var step = 0; step < maxSteps - 5; step++) task.Step([0], observation);
        var state = new double[task.StateSize];
        task.GetState(state);
        var expected = Enumerable.Range(0, 5).Select(_ => (task.Step([0.5], observation), observation.ToArray())).ToArray();
        Episode(task, 99, 12);
        task.SetState(state);
        foreach (var (result, next) in expected)
        {
            Assert.That(task.Step([0.5], observation), Is.EqualTo(result));
            Assert.That(observation, Is.EqualTo(next));
        }
        Assert.That(expected[^1].Item1.Done);
        Assert.That(() => task.SetState([1.0]), Throws.ArgumentException.With.Message.Contains($"state has 1 elements, but {task.StateSize} are expected"));
    }

    [TestCase(typeof(PendulumEnvironment), new[] { -Math.PI, -1 }, new[] { Math.PI, 1 })]
    [TestCase(typeof(MountainCarContinuousEnvironment), new[] { -0.6, 0 }, new[] { -0.4, 0 })]
    [TestCase(typeof(CartPoleContinuousEnvironment), new[] { -0.05, -0.05, -0.05, -0.05 }, new[] { 0.05, 0.05, 0.05, 0.05 })]
    public void Resets_fill_their_range_uniformly(Type type, double[] low, double[] high)
    {
        using var task = type == typeof(PendulumEnvironment) ? new PendulumEnvironment() : (AnalyticEnvironment)Activator.CreateInstance(type)!;
        var starts = Starts(task, 2000);
        for (var index = 0; index < low.Length; index++)
        {
            var values = starts.Select(start => start[index]).ToArray();
            var range = high[index] - low[index];
            Assert.That(values, Is.All.InRange(low[index], high[index]));
            Assert.That(values.Min(), Is.EqualTo(low[index]).Within(0.01 * range));
            Assert.That(values.Max(), Is.EqualTo(high[index]).Within(0.01 * range));
            // The mean of 2000 uniform numbers has a standard deviation of 0.0065 of the range.
            Assert.That(values.Average(), Is.EqualTo((low[index] + high[index]) / 2).Within(0.03 * range));
        }
    }

    [Test]
    public void The_swing_up_starts_normally_distributed_around_hanging()
    {
        using var task = new CartPoleSwingUpEnvironment();
        var starts = Starts(task, 2000);
        for (var index = 0; index < 4; index++)
        {
            var values = starts.Select(start => start[index]).ToArray();
            Assert.That(values.Average(), Is.EqualTo(0).Within(0.01));
            Assert.That(Math.Sqrt(values.Average(value => value * value)), Is.EqualTo(0.1).Within(0.007));
        }
    }

    [TestCaseSource(nameof(Tasks))]
    public void The_clock_truncates_and_does_not_terminate(AnalyticEnvironment task, string name, int maxSteps)
    {
        var observation = new double[task.ObservationSpace.Size];
        var state = new double[task.StateSize];
        task.Reset(1, observation);
        task.GetState(state);
        for (var step = 1; step <= maxSteps; step++)
        {
            // Putting the body back where it started, without touching the clock, keeps every task from terminating.
            task.SetState([.. state[..^1], step - 1]);
            var result = task.Step([0], observation);
            Assert.That(result.Terminated, Is.False);
            Assert.That(result.Truncated, Is.EqualTo(step == maxSteps));
        }
        Assert.That(task.MaxSteps, Is.EqualTo(maxSteps));
    }

    [TestCase(1.5, 2.0)]
    [TestCase(-1.5, -2.0)]
    public void A_step_that_ends_the_task_on_the_last_tick_is_terminated_only(double position, double velocity)
    {
        using var task = new CartPoleContinuousEnvironment();
        task.SetState([2 * position, velocity, 0, 0, task.MaxSteps - 1]);
        Assert.That(task.Step([0], new double[4]), Is.EqualTo(new StepResult(1, Terminated: true, Truncated: false)));
    }

    [TestCaseSource(nameof(Tasks))]
    public void A_step_allocates_nothing_also_when_checked_and_wrapped(AnalyticEnvironment task, string name, int maxSteps)
    {
        // As a run checks it: who asks for checks has functions of tensors compared, which takes tensors.
        var environment = task.WithTimeLimit(5000).WithRescaledActions().Guarded();
        var (action, observation, start) = (new double[1], new double[task.ObservationSpace.Size], new double[environment.StateSize]);
        environment.Reset(1, observation);
        environment.GetState(start);
        Run(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1000);
        var after = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(after - before, Is.Zero);

        void Run(int steps)
        {
            for (var step = 0; step < steps; step++)
                if (environment.Step(action, observation).Done) environment.SetState(start);
        }
    }

    private static double[][] Episode(AnalyticEnvironment task, int seed, int steps)
    {
        var observation = new double[task.ObservationSpace.Size];
        task.Reset(seed, observation);
        return [observation.ToArray(), .. Enumerable.Range(0, steps).Select(step =>
        {
            var result = task.Step([Math.Sin(step)], observation);
            return (double[])[.. observation, result.Reward];
        })];
    }

    private static double[][] Starts(AnalyticEnvironment task, int episodes) => [.. Enumerable.Range(0, episodes).Select(seed =>
    {
        task.Reset(seed, new double[task.ObservationSpace.Size]);
        var state = new double[task.StateSize];
        task.GetState(state);
        Assert.That(state[^1], Is.Zero);
        return state;
    })];

    private static Tensor Matrix(IEnumerable<double[]> rows)
    {
        var values = rows.ToArray();
        return tensor(values.SelectMany(row => row).Select(value => (float)value).ToArray(), values.Length, values[0].Length);
    }
}
