using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Random;
using ProcessControl;

namespace MbpoML.Tests.Samples;

/// <summary>The tasks of samples/ProcessControl keep the contract of environments, and their PI controllers are worth beating.</summary>
[Category("Text")]
public class ProcessControlTests
{
    private static IEnumerable<TestCaseData> Tasks => ControlTask.All.Select(task => new TestCaseData(task).SetArgDisplayNames(task.Name));

    [TestCaseSource(nameof(Tasks))]
    public void Equal_seeds_and_actions_give_equal_episodes_that_end_where_they_say(object given)
    {
        var task = (ControlTask)given;
        using var first = task.Create().WithChecks();
        using var second = task.Create().WithChecks();
        foreach (var seed in Enumerable.Range(1, 20))
        {
            var (one, other) = (Run(first, seed), Run(second, seed));
            Assert.That(other, Is.EqualTo(one));
            Assert.That(one.Count, Is.LessThanOrEqualTo(first.MaxEpisodeSteps!.Value));
        }
    }

    [TestCaseSource(nameof(Tasks))]
    public void The_termination_function_says_what_the_steps_say(object given)
    {
        var task = (ControlTask)given;
        using var environment = task.Create().WithChecks();
        var random = new RandomSource(7);
        var (observation, next, action) =
            (new double[environment.ObservationSpace.Size], new double[environment.ObservationSpace.Size], new double[environment.ActionSpace.Size]);
        var terminated = 0;
        for (var episode = 0; episode < 30; episode++)
        {
            environment.Reset(episode, observation);
            for (var isOver = false; !isOver;)
            {
                environment.ActionSpace.Sample(random, action);
                var result = environment.Step(action, next);
                var said = environment.Termination is { } function
                    && function.Evaluate(Row(observation), Row(action), Row(next)).item<bool>();
                Assert.That(said, Is.EqualTo(result.Terminated));
                if (result.Terminated) terminated++;
                isOver = result.Done;
                next.CopyTo(observation, 0);
            }
        }

        Assert.That(terminated > 0, Is.EqualTo(environment.Termination is not null), "random actions let the reactor run off, and end nothing else");
    }

    [TestCaseSource(nameof(Tasks))]
    public void The_PI_controller_is_far_better_than_any_constant_action(object given)
    {
        var task = (ControlTask)given;
        var best = Constants(task).Max(action => task.Measure(new Constant(action)));
        Assert.That(task.Measure(task.Controller(task.Gains)), Is.GreaterThan(best + (0.1 * Math.Abs(best))));
    }

    [TestCaseSource(nameof(Tasks))]
    public void Other_gains_nearby_are_hardly_better(object given)
    {
        var task = (ControlTask)given;
        var tuned = task.Measure(task.Controller(task.Gains));
        for (var index = 0; index < task.Gains.Length; index++)
        {
            foreach (var factor in (double[])[0.7, 1.4])
            {
                double[] gains = [.. task.Gains];
                gains[index] *= factor;
                Assert.That(task.Measure(task.Controller(gains)), Is.LessThan(tuned + (0.05 * Math.Abs(tuned))), $"gain {index} times {factor}");
            }
        }
    }

    [TestCaseSource(nameof(Tasks))]
    public void The_small_preset_is_chosen_for_them(object given)
    {
        using var environment = ((ControlTask)given).Create();
        Assert.That(PresetChoice.For(environment).Name, Is.EqualTo("Small"));
    }

    [Test]
    public void A_loop_at_its_limit_does_not_wind_up()
    {
        var loop = new PiLoop(gain: 1, integralTime: 1, low: 0, high: 10);
        loop.Start();
        for (var step = 0; step < 100; step++) Assert.That(loop.Next(error: 20, feedForward: 0, stepLength: 1), Is.EqualTo(10));
        Assert.That(loop.Next(error: -1, feedForward: 0, stepLength: 1), Is.Zero, "it leaves the limit at once");
    }

    private static IEnumerable<double[]> Constants(ControlTask task)
    {
        using var environment = task.Create();
        var (low, high) = (environment.ActionSpace.Low, environment.ActionSpace.High);
        double[] parts = [0, 0.25, 0.5, 0.75, 1];
        IEnumerable<double[]> all = [[]];
        for (var index = 0; index < low.Count; index++)
        {
            var dimension = index;
            all = all.SelectMany(action => parts.Select(part => (double[])[.. action, low[dimension] + (part * (high[dimension] - low[dimension]))]));
        }

        return [.. all];
    }

    private static List<double> Run(CheckedEnvironment environment, int seed)
    {
        var random = new RandomSource(seed);
        var (observation, action) = (new double[environment.ObservationSpace.Size], new double[environment.ActionSpace.Size]);
        environment.Reset(seed, observation);
        List<double> rewards = [];
        for (var isOver = false; !isOver;)
        {
            environment.ActionSpace.Sample(random, action);
            var result = environment.Step(action, observation);
            rewards.Add(result.Reward + (1e-3 * observation.Sum()));
            isOver = result.Done;
        }

        return rewards;
    }

    private static TorchSharp.torch.Tensor Row(double[] values) => TorchSharp.torch.tensor(values.Select(value => (float)value).ToArray()).unsqueeze(0);

    private sealed class Constant(double[] action) : IController
    {
        public void Start()
        {
            // It knows no state.
        }

        public void Act(ReadOnlySpan<double> observation, Span<double> chosen) => action.CopyTo(chosen);
    }
}
