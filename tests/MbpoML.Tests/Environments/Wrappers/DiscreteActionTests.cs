using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Environments.Wrappers;

/// <summary>Environments that take the index of a choice, under policies that give one number a choice.</summary>
public class DiscreteActionTests
{
    private readonly double[] _observation = new double[2];

    [TestCase(new[] { 0.1, 0.3, -0.2 }, 1)]
    [TestCase(new[] { -0.9, -1, -0.8 }, 2)]
    [TestCase(new[] { 0.5, 0.5, 0.5 }, 0)]
    [TestCase(new[] { -1, 0.5, 0.5 }, 1)]
    [TestCase(new[] { 0.0, -0.0, 0 }, 0)]
    [TestCase(new[] { 3.0, 7, 5 }, 1)]
    public void The_largest_number_chooses_and_the_first_of_equal_ones(double[] action, int expected)
    {
        var inner = new ScriptedEnvironment
        {
            Termination = TerminationFunction.FromRow((_, choice, _) => choice[0] == expected),
            Reward = RewardFunction.FromRow((_, choice, _) => choice[0])
        };
        using var environment = inner.WithDiscreteActions(3);
        environment.Reset(0, _observation);
        environment.Step(action, _observation);
        Assert.That(inner.LastAction, Is.EqualTo(expected));

        // The functions see what the step saw.
        using var scope = NewDisposeScope();
        var (rows, actions) = (zeros(2, 2), tensor(action.Concat(action).ToArray(), [2, 3]).to(ScalarType.Float32));
        Assert.That(environment.Reward!.Evaluate(rows, actions, rows).data<float>().ToArray(), Is.All.EqualTo(expected));
        Assert.That(environment.Termination!.Evaluate(rows, actions, rows).data<bool>().ToArray(), Is.All.True);
    }

    [Test]
    public void Spaces_functions_results_and_disposal_pass_through()
    {
        var inner = new ScriptedEnvironment { Result = step => new StepResult(7, step == 2, step == 1) };
        var environment = inner.WithDiscreteActions(2);
        Assert.That((environment.ObservationSpace, environment.Termination, environment.Reward),
            Is.EqualTo((inner.ObservationSpace, (ITerminationFunction?)null, (IRewardFunction?)null)));
        Assert.That((environment.ActionSpace.Low, environment.ActionSpace.High, environment.Choices),
            Is.EqualTo((new[] { -1.0, -1 }, new[] { 1.0, 1 }, new[] { 2 })));
        environment.Reset(5, _observation);
        Assert.That(_observation, Is.EqualTo(new[] { 5.0, 0 }));
        Assert.That(environment.Step([0, 1], _observation), Is.EqualTo(new StepResult(7, false, true)));
        Assert.That(environment.Step([0, 1], _observation), Is.EqualTo(new StepResult(7, true)));
        Assert.That(_observation, Is.EqualTo(new[] { 5.0, 2 }));
        Assert.That(environment.AsStateful(), Is.Null);
        environment.Dispose();
        Assert.That(inner.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void Several_decisions_have_their_numbers_in_a_row()
    {
        using var environment = new Valves().WithDiscreteActions(3, 2);
        Assert.That(environment.ActionSpace.Size, Is.EqualTo(5));
        var observation = new double[2];
        environment.Step([0, 0.2, 0.9, 0.1, 0.3], observation);
        Assert.That(observation, Is.EqualTo(new[] { 2.0, 1 }));
        using var scope = NewDisposeScope();
        var actions = tensor(new[] { 0.4f, 0.2f, -0.9f, 0.1f, 0.3f, 0, 1, 0, 1, 0 }, [2, 5]);
        Assert.That(environment.Reward!.Evaluate(zeros(2, 2), actions, zeros(2, 2)).data<float>().ToArray(), Is.EqualTo(new[] { 1f, 10 }),
            "ten times the first decision and the second");
    }

    [Test]
    public void The_state_is_that_of_the_environment()
    {
        using var environment = new PushedPole().WithDiscreteActions(2).WithTimeLimit(30);
        var (state, observation) = (new double[environment.StateSize], new double[4]);
        environment.Reset(4, observation);
        for (var step = 0; step < 6; step++) environment.Step([step % 2, 0.5], observation);
        environment.GetState(state);
        var expected = environment.Step([0, 1], observation);
        var next = observation.ToArray();
        environment.Reset(5, observation);
        environment.SetState(state);
        Assert.That(environment.Step([0, 1], observation), Is.EqualTo(expected));
        Assert.That(observation, Is.EqualTo(next));
    }

    // Choices at random keep the pole up for some 20 steps of 200. This run keeps it up for all of them.
    [Test]
    public void A_pole_that_is_pushed_left_or_right_is_balanced()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = new PushedPole().WithDiscreteActions(2);
        var preset = MbpoPresets.CartPoleContinuous();
        (preset.Trainer.Steps, preset.Trainer.EvaluationEpisodes) = (2000, 0);
        using var policy = rl.Mbpo(environment, preset).Fit();
        Assert.That(rl.Evaluate(policy, environment, episodes: 10).MeanReturn, Is.GreaterThanOrEqualTo(150));
    }

    /// <summary>
    /// The pole of <see cref="CartPoleContinuousEnvironment"/>, pushed with 10 N to the left (0) or to the right (1), as the classic task has it.
    /// </summary>
    private sealed class PushedPole() : EnvironmentWrapper(new CartPoleContinuousEnvironment())
    {
        public override BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, 0, 1);

        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => action[0] switch
        {
            0 => Inner.Step([-1], observation),
            1 => Inner.Step([1], observation),
            _ => throw new ArgumentException($"There is no choice {action[0]}.", nameof(action)),
        };
    }

    /// <summary>A valve of three positions and a pump that is on or off; it observes what it was told.</summary>
    private sealed class Valves : IEnvironment
    {
        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(2);

        public BoxSpace ActionSpace { get; } = new([0, 0], [2, 1]);

        public IRewardFunction? Reward { get; } = RewardFunction.FromRow((_, choices, _) => (10 * choices[0]) + choices[1]);

        public void Reset(int seed, Span<double> observation) => observation.Clear();

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            action.CopyTo(observation);
            return new StepResult(0, false);
        }
    }
}
