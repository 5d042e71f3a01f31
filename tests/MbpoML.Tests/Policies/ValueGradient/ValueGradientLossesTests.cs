using MbpoML.Policies.ValueGradient;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

/// <summary>The losses on three rows and two steps, whose values can be computed by hand.</summary>
public class ValueGradientLossesTests
{
    private const double Discount = 0.5;
    private const float None = float.NaN;

    // The first row goes on, the second ends with its first step, and the third with its second step. What comes after an end is no number.
    private static readonly float[][] Rewards = [[1, 2, 5], [3, None, 6]];
    private static readonly float[][] LogProbabilities = [[-1, 0.5f, 1], [2, None, -2], [0.4f, None, None]];
    private static readonly bool[][] Alive = [[true, true, true], [true, false, true], [true, false, false]];

    private DisposeScope _scope = null!;

    private static Tensor Alpha => tensor(new[] { 0.1f });

    [SetUp]
    public void Begin() => _scope = NewDisposeScope();

    [TearDown]
    public void End() => _scope.Dispose();

    // 1 + 0.5 (3 - 0.1 * 2) + 0.25 (10 - 0.1 * 0.4) = 4.89, 2 alone, and 5 + 0.5 (6 - 0.1 * -2) = 8.1: the first action has no entropy.
    [Test]
    public void A_target_adds_up_what_is_earned_until_a_row_ends_and_asks_the_critics_at_the_horizon()
    {
        var target = ValueGradientLosses.Target(Tensors(Rewards), Tensors(LogProbabilities), Flags(Alive), tensor(new[] { 10, None, None }), Alpha, Discount);
        Assert.That(target.data<float>().ToArray(), Is.EqualTo(new[] { 4.89, 2, 8.1 }).Within(1e-5));
    }

    // With the entropy of the first action: 1.1 + 0.5 * 2.8 + 0.25 (11 - 0.04) = 5.24, 2 - 0.05 = 1.95, and 4.9 + 0.5 * 6.2 = 8.
    [Test]
    public void The_actor_has_the_mean_of_the_critics_and_the_entropy_of_each_step()
    {
        var last = tensor(new[,] { { 10, None, None }, { 12, None, None } });
        var loss = ValueGradientLosses.Actor(Tensors(Rewards), Tensors(LogProbabilities), Flags(Alive), last, Alpha, Discount);
        Assert.That(loss.item<float>(), Is.EqualTo(-(5.24 + 1.95 + 8) / 3).Within(1e-5));
    }

    // The first row as above. The second is valued at its first step, 5 - 0.05, and the third at its second: 4.9 + 0.5 (7 + 0.2) = 8.5.
    [Test]
    public void An_actor_that_is_valued_at_ends_has_the_critics_of_each_rows_last_step()
    {
        var ends = tensor(new[,] { { 10f, 4, 6 }, { 12, 6, 8 } });
        var loss = ValueGradientLosses.ActorToEnds(Tensors(Rewards), Tensors(LogProbabilities), Flags(Alive), ends, Alpha, Discount);
        Assert.That(loss.item<float>(), Is.EqualTo(-(5.24 + 4.95 + 8.5) / 3).Within(1e-5));
    }

    // The target is what the critics say of the start states; the actor has the entropy there, too: (10 + 0.1 + 3 - 0.05) / 2.
    [Test]
    public void Without_steps_the_critics_speak_at_once()
    {
        Tensor[] logProbabilities = [tensor(new[] { -1, 0.5f })], alive = [tensor(new[] { true, true })];
        var last = tensor(new[] { 10f, 3 });
        var target = ValueGradientLosses.Target([], logProbabilities, alive, last, Alpha, Discount);
        Assert.Multiple(() =>
        {
            Assert.That(target.data<float>().ToArray(), Is.EqualTo(new[] { 10f, 3 }));
            foreach (var loss in (Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, Tensor, Tensor, double, Tensor>[])
                [ValueGradientLosses.Actor, ValueGradientLosses.ActorToEnds])
                Assert.That(loss([], logProbabilities, alive, last.unsqueeze(0), Alpha, Discount).item<float>(), Is.EqualTo(-6.525).Within(1e-6));
        });
    }

    // The mean over rows of (Q - y)²: (1 + 0 + 1) / 3 of one critic, and (0 + 1 + 4) / 3 of the other.
    [Test]
    public void Critics_have_the_mean_square_each()
    {
        var loss = ValueGradientLosses.Critic(tensor(new[,] { { 5f, 2, 8 }, { 4, 3, 9 } }), tensor(new[] { 4f, 2, 7 }));
        Assert.That(loss.item<float>(), Is.EqualTo(7.0 / 3).Within(1e-6));
    }

    // 0.2 (-mean(-1, 3) + 3) = 0.4: the policy is more random than wanted, and a step against the gradient lowers α.
    [Test]
    public void Alpha_has_the_distance_to_the_entropy_that_is_wanted()
    {
        var loss = ValueGradientLosses.Temperature(tensor(new[] { MathF.Log(0.2f) }), tensor(new[] { -1f, 3 }), -3);
        Assert.That(loss.item<float>(), Is.EqualTo(0.4).Within(1e-6));
    }

    private static Tensor[] Tensors(float[][] steps) => Array.ConvertAll(steps, step => tensor(step));

    private static Tensor[] Flags(bool[][] steps) => Array.ConvertAll(steps, step => tensor(step));
}
