using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using static TorchSharp.torch;

namespace MbpoML.Tests.Imagination;

/// <summary>A known reward is asked about imagined steps that are numbers, and whose rollout goes on: users write it for no others.</summary>
public class KnownRewardTests
{
    // Sign throws where it is given NaN; the root of what is negative is none.
    private static readonly IRewardFunction Root = RewardFunction.FromRow((observation, action, next) =>
        Math.Sign(observation[0]) * Math.Sign(next[0]) * MathF.Sqrt(next[0] + action[0]));

    private static IEnumerable<TestCaseData> Functions() =>
    [
        new TestCaseData(Root).SetArgDisplayNames("by row"),
        new TestCaseData(RewardFunction.Approximate(Root)).SetArgDisplayNames("approximate"),
        new TestCaseData(RewardFunction.OfActions(Root, action => action * 1)).SetArgDisplayNames("behind a wrapper of the actions"),
    ];

    [TestCaseSource(nameof(Functions))]
    public void Steps_that_are_no_numbers_earn_none_and_those_after_the_end_nothing(IRewardFunction function)
    {
        using var scope = NewDisposeScope();
        float[] next = [4, float.NaN, -1, float.PositiveInfinity, 9, -1];
        var model = new FunctionModel(
            new TransitionLayout(1, 1), (_, _, _) => new(tensor(next).unsqueeze(1), ones(6), zeros(6, ScalarType.Bool)));
        var imagined = new ImaginedEnvironment(model, reward: function);
        var goesOn = tensor(new[] { true, true, true, true, true, false });
        float[] Rewards(Tensor? alive) =>
            imagined.StepUnchecked(ones(6, 1), tensor(new[] { 0f, 0, 0, 0, float.NaN, 0 }).unsqueeze(1), new Generator(1), goesOn: alive).Reward
                .data<float>().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(Rewards(goesOn), Is.EqualTo(new[] { 2f, float.NaN, float.NaN, float.NaN, float.NaN, 0 }));
            Assert.That(Rewards(null)[5], Is.NaN, "the formula has no value there");
        });
    }

    [TestCaseSource(nameof(Functions))]
    public void A_checked_step_refuses_a_formula_that_has_no_value(IRewardFunction function)
    {
        using var scope = NewDisposeScope();
        var imagined = new ImaginedEnvironment(new AdditiveModel(1), reward: function);
        Assert.That(
            () => imagined.Step(ones(2, 1), tensor(new[] { 1f, -3 }).unsqueeze(1), new Generator(1)),
            Throws.InvalidOperationException.With.Message.Contains("NaN for row 1 of 2"));
    }

    [Test]
    public void A_wrapper_of_the_actions_passes_on_that_nobody_checks()
    {
        using var scope = NewDisposeScope();
        using var wrapped = new RescaledActionEnvironment(new Rooted());
        var imagined = new ImaginedEnvironment(new AdditiveModel(1), reward: wrapped.Reward);
        Assert.That(imagined.StepUnchecked(ones(1, 1), full([1, 1], -3f), new Generator(1)).Reward.item<float>(), Is.NaN);
    }

    // The first rollout ends in its second step, the second one in none.
    [Test]
    public void Of_whole_rollouts_the_steps_after_the_one_that_ends_are_over()
    {
        using var scope = NewDisposeScope();
        var terminated = tensor(new[] { false, false, true, false, false, false, true, false });
        Assert.That(
            KnownReward.GoingOn(terminated, rows: 2).data<bool>().ToArray(), Is.EqualTo(new[] { true, true, true, true, false, true, false, true }));
    }

    private sealed class Rooted : IEnvironment
    {
        public BoxSpace ObservationSpace { get; } = BoxSpace.Uniform(1, -10, 10);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -1, 1);

        public IRewardFunction? Reward => Root;

        public void Reset(int seed, Span<double> observation) => observation[0] = 1;

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => new(0, false, false);

        public void Dispose()
        {
        }
    }
}
