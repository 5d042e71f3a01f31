using MbpoML.Policies.SoftActorCritic;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>The losses on two rows, whose values can be computed by hand.</summary>
public class SacLossesTests
{
    // The second row terminated. The smaller critic is the second one in the first row, and the first one in the second.
    private static readonly float[] Reward = [1, 2], Terminated = [0, 1];
    private static readonly float[,] Values = { { 5, 3 }, { 4, 6 } };
    private static readonly float[] LogProbability = [-0.5f, 1.5f];

    private DisposeScope _scope = null!;

    [SetUp]
    public void Begin() => _scope = NewDisposeScope();

    [TearDown]
    public void End() => _scope.Dispose();

    [TestCase(null, 4.645, 2)]
    [TestCase(2.5, 4.645, 2.5)]
    public void A_target_has_the_smaller_critic_and_the_entropy_until_the_task_ends(double? least, double first, double second)
    {
        // 1 + 0.9 (4 - 0.1 * -0.5) = 4.645, and 2 alone where the task ended.
        var target = SacLosses.Target(tensor(Reward), tensor(Terminated), tensor(Values), tensor(LogProbability), tensor(0.1f), 0.9, least);
        Assert.That(target.data<float>().ToArray(), Is.EqualTo(new[] { first, second }).Within(1e-6));
    }

    // The mean over rows of ½ (Q - 3)²: (2 + 0) / 2 of one critic and (0.5 + 4.5) / 2 of the other.
    [Test]
    public void Critics_have_half_the_mean_square_each() =>
        Assert.That(SacLosses.Critic(tensor(Values), tensor(new[] { 3f, 3f })).item<float>(), Is.EqualTo(3.5f).Within(1e-6));

    // ((0.1 * -0.5 - 4) + (0.1 * 1.5 - 3)) / 2.
    [Test]
    public void The_actor_has_the_entropy_and_the_smaller_critic() =>
        Assert.That(SacLosses.Actor(tensor(0.1f), tensor(LogProbability), tensor(Values)).item<float>(), Is.EqualTo(-3.45f).Within(1e-6));

    // -2 (mean(-0.5, 1.5) - 3) = 5: the policy is less random than wanted, and a step against the gradient raises α.
    [Test]
    public void Alpha_has_the_distance_to_the_entropy_that_is_wanted() =>
        Assert.That(SacLosses.Alpha(tensor(2f), tensor(LogProbability), -3).item<float>(), Is.EqualTo(5f).Within(1e-6));
}
