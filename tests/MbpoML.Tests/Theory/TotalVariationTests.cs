using MbpoML.Theory;

namespace MbpoML.Tests.Theory;

/// <summary>
/// The values of lemmas B.1 and B.2, and that nothing smaller would hold: there are distributions and chains that are as far apart as they say.
/// </summary>
public class TotalVariationTests
{
    private const double Rounding = 1e-12;

    [TestCase(0, 0, 0)]
    [TestCase(0.2, 0.3, 0.5)]
    [TestCase(1, 0, 1)]
    [TestCase(0.7, 0.8, 1)]
    public void Joint_distances_are_the_sum_up_to_one(double marginal, double conditional, double expected) =>
        Assert.That(TotalVariation.OfJoint(marginal, conditional), Is.EqualTo(expected).Within(Rounding));

    [TestCase(0.1, 0, 0)]
    [TestCase(0.1, 1, 0.1)]
    [TestCase(0.1, 7, 0.7)]
    [TestCase(0.1, 11, 1)]
    [TestCase(0, 1_000_000, 0)]
    public void Distances_of_states_are_the_product_up_to_one(double transition, int steps, double expected) =>
        Assert.That(TotalVariation.OfStates(transition, steps), Is.EqualTo(expected).Within(Rounding));

    [TestCase(0, 0)]
    [TestCase(0.02, 0.1)]
    [TestCase(0.5, 0.5)]
    [TestCase(8, 1)]
    public void Pinsker_gives_the_root_of_half_the_divergence_up_to_one(double divergence, double expected) =>
        Assert.That(TotalVariation.FromDivergence(divergence), Is.EqualTo(expected).Within(Rounding));

    [Test]
    public void There_are_joint_distributions_as_far_apart_as_lemma_B1_says()
    {
        // x differs where y does not, and the other way round, so that nothing cancels.
        double[] one = [0.5, 0.3, 0.2], other = [0.5, 0.1, 0.4];
        double[][] given = [[0.9, 0.1], [0.5, 0.5], [0.5, 0.5]], givenOther = [[0.3, 0.7], [0.5, 0.5], [0.5, 0.5]];
        var conditional = one.Select((weight, x) => weight * TabularProcess.Distance(given[x], givenOther[x])).Sum();
        Assert.That(TabularProcess.Distance(Joint(one, given), Joint(other, givenOther)),
            Is.EqualTo(TotalVariation.OfJoint(TabularProcess.Distance(one, other), conditional)).Within(Rounding));

        static double[] Joint(double[] marginal, double[][] conditional) =>
            [.. marginal.SelectMany((weight, x) => conditional[x].Select(part => weight * part))];
    }

    [Test]
    public void There_are_chains_as_far_apart_as_lemma_B2_says()
    {
        // The first chain leaves in each step with a chance that keeps the part of those that leave, its mean distance from the second, which never leaves, at
        // 0.1.
        const double Transition = 0.1;
        var there = 1.0;
        for (var t = 1; t <= 10; t++)
        {
            var leaving = Transition / there;
            there *= 1 - leaving;
            Assert.That(TabularProcess.Distance([there, 1 - there], [1, 0]), Is.EqualTo(TotalVariation.OfStates(Transition, t)).Within(1e-9),
                $"after {t} steps");
        }
    }
}
