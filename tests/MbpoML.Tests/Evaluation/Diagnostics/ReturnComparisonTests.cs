using MbpoML.Data;
using MbpoML.Environments.Functions;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using static TorchSharp.torch;

namespace MbpoML.Tests.Evaluation.Diagnostics;

public class ReturnComparisonTests
{
    [Test]
    public void The_correlation_is_pearsons()
    {
        // By hand: deviations (-1.5, -0.5, 0.5, 1.5) and (-2, 0, -1, 3), so r = 7 / √(5 · 14).
        var comparison = new ReturnComparison([1, 2, 3, 4], [10, 12, 11, 15]);
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Correlation, Is.EqualTo(7 / Math.Sqrt(5 * 14)).Within(1e-12));
            Assert.That(comparison.MeanExcess, Is.EqualTo(9.5).Within(1e-12));
            Assert.That(new ReturnComparison([1, 2, 3], [-2, -4, -6]).Correlation, Is.EqualTo(-1).Within(1e-12));
            Assert.That(new ReturnComparison([1, 1], [1, 2]).Correlation, Is.NaN);
        });
    }

    [Test]
    public void Pairs_are_taken_where_the_episode_ended()
    {
        // The first episode was cut after two steps, so the model's sums count up to there; the second was terminated by its task.
        var cut = new ModelReturns([1, 3], [[1, 2, 9], [1, 4, 9]], TerminatedInEnvironment: false);
        var over = new ModelReturns([5], [[5, 6, 7]], TerminatedInEnvironment: true);
        var comparison = ReturnComparison.Of([cut, over]);
        Assert.That((comparison.Actual, comparison.Imagined), Is.EqualTo((new[] { 3.0, 5 }, new[] { 3.0, 7 })));
    }

    // A user writes a reward for numbers: Sign throws where it is given NaN.
    [Test]
    public void A_rollout_that_leaves_the_range_of_numbers_has_no_return_and_spoils_no_other()
    {
        using var scope = NewDisposeScope();
        var model = new FunctionModel(
            new TransitionLayout(1, 1), (state, action, _) => new(
                where(state < 0, full_like(state, float.NaN), state + action), zeros(state.size(0)), zeros(state.size(0), ScalarType.Bool)));
        var task = new ImaginedEnvironment(
            model, TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 9.5), RewardFunction.FromRow((_, _, next) => Math.Sign(next[0])));
        var starts = tensor(new float[] { 8, 0, -1 }).unsqueeze(1);
        var sums = ReturnReplay.Imagine(task, states => ones_like(states), starts, horizon: 4, new Generator(1));
        Assert.Multiple(() =>
        {
            Assert.That(sums[0], Is.EqualTo(new double[] { 1, 2, 2, 2 }), "over with its second step");
            Assert.That(sums[1], Is.EqualTo(new double[] { 1, 2, 3, 4 }));
            Assert.That(sums[2], Has.All.NaN);
        });
    }
}
