using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Random;

namespace MbpoML.Tests.Environments.Functions;

/// <summary>Functions that contradict the steps of their environment, and functions that only see rounded numbers.</summary>
[Category("Text")]
public class FunctionAgreementTests
{
    private static readonly ITerminationFunction[] Wrong =
    [
        TerminationFunction.FromRow((_, _, next) => next[1] > 2.5),
        TerminationFunction.FromTensors((_, _, next) => next.select(1, 1).gt(2.5)),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void A_checked_environment_refuses_a_step_that_its_termination_contradicts(ITerminationFunction termination)
    {
        using var environment = Scripted(termination).WithChecks();
        var observation = Start(environment);
        environment.Step([0], observation);
        environment.Step([0], observation);
        var fault = Assert.Throws<EnvironmentException>(() => environment.Step([0.5], observation))!;
        Assert.That((fault.Episode, fault.Step), Is.EqualTo((1, 3)));
        Assert.That(fault.Message, Does.Contain("Step said that the task goes on, but Termination says that it terminated")
            .And.Contain("observation [7, 2], action [0.5], next observation [7, 3]"));
        Assert.That(() => environment.Step([0], observation), Throws.InvalidOperationException, "it must be reset first");
    }

    [Test]
    public void A_step_that_ends_where_the_function_goes_on_is_refused()
    {
        var inner = Scripted(TerminationFunction.Never);
        inner.Result = step => new StepResult(1, Terminated: step == 2);
        using var environment = inner.WithChecks();
        var observation = Start(environment);
        environment.Step([0], observation);
        Assert.That(() => environment.Step([0], observation),
            Throws.TypeOf<EnvironmentException>().With.Message.Contains("Step said that the task terminated, but Termination says that it goes on"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_reward_that_the_function_contradicts_is_refused(bool ofRows)
    {
        var reward = ofRows ? RewardFunction.FromRow((_, _, next) => next[1] - 1) : RewardFunction.FromTensors((_, _, next) => next.select(1, 1).sub(1));
        var inner = Scripted(null, reward);
        inner.Result = step => new StepResult(step == 4 ? 3.01 : step - 1, false);
        using var environment = inner.WithChecks();
        var observation = Start(environment);
        for (var step = 1; step < 4; step++) environment.Step([0], observation);
        Assert.That(() => environment.Step([0], observation),
            Throws.TypeOf<EnvironmentException>().With.Message.Contains("Step gave the reward 3.01, but Reward gives 3"));
    }

    [Test]
    public void A_function_that_is_marked_as_approximate_is_not_compared()
    {
        using var environment = Scripted(TerminationFunction.Approximate(Wrong[0]), RewardFunction.Approximate(RewardFunction.FromRow((_, _, _) => 77)))
            .WithRescaledActions().WithChecks();
        var observation = Start(environment);
        Assert.That(() => Enumerable.Range(0, 5).Select(_ => environment.Step([0], observation)).ToArray(), Throws.Nothing);
    }

    [Test]
    public void Nobody_who_did_not_ask_for_checks_gets_that_error()
    {
        using var environment = Scripted(Wrong[0]).Guarded();
        var observation = Start(environment);
        Assert.That(() => Enumerable.Range(0, 5).Select(_ => environment.Step([0], observation)).ToArray(), Throws.Nothing);
    }

    // The environment decides in double precision exactly at its border, the function by the rounded number, from either side.
    [TestCase(0.1)]
    [TestCase(1 / 3.0)]
    [TestCase(1234.567)]
    [TestCase(-1e-7)]
    [TestCase(0.7)]
    public void A_threshold_between_a_number_and_its_rounding_is_no_contradiction(double border)
    {
        for (var offset = -2; offset <= 2; offset++)
        {
            var value = border + (offset * Math.BitIncrement(Math.Abs(border)) * 1e-12);
            var inner = Scripted(TerminationFunction.FromRow((_, _, next) => next[1] > border));
            (inner.SecondObservation, inner.Result) = (step => step == 0 ? 0 : value, _ => new StepResult(1, value > border));
            using var environment = inner.WithChecks();
            var observation = Start(environment);
            Assert.That(() => environment.Step([0], observation), Throws.Nothing, $"{value:R}");
        }
    }

    [Test]
    public void A_reward_from_the_difference_of_large_numbers_may_be_as_inexact_as_these()
    {
        // A speed from positions around 2000 m: float32 holds 0.0001 m there, which is 0.01 m/s.
        var random = new RandomSource(1);
        double[] places = [.. Enumerable.Range(0, 500).Select(index => 2000 + (0.01 * index) + (0.01 * random.NextDouble()))];
        var inner = Scripted(null, RewardFunction.FromRow((from, _, to) => (to[1] - from[1]) / 0.01f));
        (inner.SecondObservation, inner.Result) = (step => places[step], step => new StepResult((places[step] - places[step - 1]) / 0.01, false));
        using var environment = inner.WithChecks();
        var observation = Start(environment);
        Assert.That(() => Enumerable.Range(1, 499).Select(_ => environment.Step([0], observation)).ToArray(), Throws.Nothing);
    }

    [Test]
    public void After_a_state_was_set_the_first_step_is_not_compared_with_another_observation()
    {
        using var environment = new PendulumEnvironment(knownReward: true).WithChecks();
        var (state, observation) = (new double[environment.StateSize], new double[3]);
        environment.Reset(1, observation);
        environment.GetState(state);
        environment.Reset(2, observation);
        environment.SetState(state);
        Assert.That(() => Enumerable.Range(0, 10).Select(_ => environment.Step([1], observation)).ToArray(), Throws.Nothing);
    }

    [TestCase(nameof(PendulumEnvironment))]
    [TestCase(nameof(MountainCarContinuousEnvironment))]
    [TestCase(nameof(CartPoleContinuousEnvironment))]
    [TestCase(nameof(CartPoleSwingUpEnvironment))]
    public void The_tasks_agree_with_their_functions(string name)
    {
        IEnvironment task = name switch
        {
            nameof(PendulumEnvironment) => new PendulumEnvironment(knownReward: true),
            nameof(MountainCarContinuousEnvironment) => new MountainCarContinuousEnvironment(),
            nameof(CartPoleContinuousEnvironment) => new CartPoleContinuousEnvironment(),
            _ => new CartPoleSwingUpEnvironment(knownReward: true),
        };
        using var environment = task.WithRescaledActions().WithChecks();
        var (random, observation, action) = (new RandomSource(3), new double[environment.ObservationSpace.Size], new double[environment.ActionSpace.Size]);
        var done = true;
        for (var (step, episode) = (0, 0); step < 3000; step++)
        {
            if (done) environment.Reset(episode++, observation);
            if (step % 25 == 0) environment.ActionSpace.Sample(random, action);
            done = environment.Step(action, observation).Done;
        }
    }

    [Test]
    public void A_step_with_functions_of_rows_allocates_nothing()
    {
        using var environment = Scripted(TerminationFunction.FromRow((_, _, _) => false), RewardFunction.FromRow((_, _, _) => 1)).WithChecks();
        var observation = Start(environment);
        double[] action = [0.5];
        for (var step = 0; step < 100; step++) environment.Step(action, observation);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 1000; step++) environment.Step(action, observation);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static ScriptedEnvironment Scripted(ITerminationFunction? termination, IRewardFunction? reward = null) =>
        new() { Termination = termination, Reward = reward };

    private static double[] Start(CheckedEnvironment environment)
    {
        var observation = new double[2];
        environment.Reset(7, observation);
        return observation;
    }
}
