using MbpoML.Theory;

namespace MbpoML.Tests.Theory;

/// <summary>The bounds against returns and errors of small processes that are computed exactly, and against the paper's formulas as they are printed.</summary>
public class ReturnBoundsTests
{
    private const double Rounding = 1e-9;

    [Test]
    public void No_two_processes_differ_by_more_than_lemma_B3([Range(1, 60)] int seed)
    {
        var (random, start, rewards, largest) = Setting(seed);
        var discount = 0.99 * random.NextDouble();
        var environment = TabularProcess.Random(random);
        var other = environment.WithOtherTransition(random, 0.3).WithOtherPolicy(random, 0.3);
        var bound = ReturnBounds.ReturnDifference(environment.TransitionError(start, other), environment.PolicyShift(other), discount, largest);
        Assert.That(Math.Abs(environment.Return(start, rewards, discount) - other.Return(start, rewards, discount)), Is.LessThanOrEqualTo(bound + Rounding));
    }

    [Test]
    public void No_policy_returns_less_than_theorems_4_1_to_4_3_say([Range(1, 60)] int seed)
    {
        var (random, start, rewards, largest) = Setting(seed);
        var (discount, length) = (0.98 * random.NextDouble(), random.Next(0, 12));
        var collecting = TabularProcess.Random(random);
        var current = collecting.WithOtherPolicy(random, 0.3);
        var model = collecting.WithOtherTransition(random, 0.3);
        var modelOfCurrent = model.WithPolicyOf(current);
        var shift = collecting.PolicyShift(current);
        var actual = current.Return(start, rewards, discount);
        // An error that holds on every state and action holds on those of any policy, and of any branch.
        var error = collecting.LargestTransitionError(model);
        var branched = collecting.Return(start, rewards, discount, modelOfCurrent, length);
        Assert.Multiple(() =>
        {
            Assert.That(actual, Is.GreaterThanOrEqualTo(modelOfCurrent.Return(start, rewards, discount)
                - ReturnBounds.ModelRollouts(collecting.TransitionError(start, model), shift, discount, largest) - Rounding), "4.1");
            Assert.That(actual, Is.GreaterThanOrEqualTo(branched - ReturnBounds.BranchedRollouts(error, shift, discount, largest, length) - Rounding), "4.2");
            Assert.That(actual, Is.GreaterThanOrEqualTo(
                branched - ReturnBounds.BranchedRolloutsOfCurrentPolicy(error, shift, discount, largest, length) - Rounding), "4.3");
        });
    }

    [Test]
    public void No_branched_rollouts_differ_by_more_than_lemma_B4([Range(1, 60)] int seed)
    {
        var (random, start, rewards, largest) = Setting(seed);
        var (discount, length) = (0.98 * random.NextDouble(), random.Next(0, 12));
        var (trunk, branch) = (TabularProcess.Random(random), TabularProcess.Random(random));
        var (otherTrunk, otherBranch) =
            (trunk.WithOtherTransition(random, 0.3).WithOtherPolicy(random, 0.3), branch.WithOtherTransition(random, 0.3).WithOtherPolicy(random, 0.3));
        var bound = ReturnBounds.BranchedReturnDifference(
            trunk.LargestTransitionError(otherTrunk), trunk.PolicyShift(otherTrunk), branch.LargestTransitionError(otherBranch),
            branch.PolicyShift(otherBranch), discount, largest, length);
        var difference = trunk.Return(start, rewards, discount, branch, length) - otherTrunk.Return(start, rewards, discount, otherBranch, length);
        Assert.That(Math.Abs(difference), Is.LessThanOrEqualTo(bound + Rounding));
    }

    // What the theorems are about, so that a wrong sum over the branch would be found: k = 0 is the trunk's states with the branch's policy, a long branch the
    // branch alone.
    [Test]
    public void The_branched_return_of_the_tests_is_the_right_one()
    {
        var (random, start, rewards, _) = Setting(1);
        var (trunk, branch) = (TabularProcess.Random(random), TabularProcess.Random(random));
        Assert.That(trunk.Return(start, rewards, 0.9, branch, 2000), Is.EqualTo(branch.Return(start, rewards, 0.9)).Within(1e-9));
        Assert.That(trunk.Return(start, rewards, 0.9, trunk, 4), Is.EqualTo(trunk.Return(start, rewards, 0.9)).Within(1e-9));
    }

    [Test]
    public void The_formulas_are_those_of_the_paper([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        var (m, p, g, r, k) = (random.NextDouble(), random.NextDouble(), 0.999 * random.NextDouble(), 10 * random.NextDouble(), random.Next(0, 30));
        var gk = Math.Pow(g, k);
        Assert.Multiple(() =>
        {
            Near(ReturnBounds.ModelRollouts(m, p, g, r), (2 * g * r * (m + (2 * p)) / Math.Pow(1 - g, 2)) + (4 * r * p / (1 - g)));
            Near(ReturnBounds.BranchedRollouts(m, p, g, r, k),
                2 * r * ((gk * g * p / Math.Pow(1 - g, 2)) + ((gk + 2) * p / (1 - g)) + (k * (m + (2 * p)) / (1 - g))));
            Near(ReturnBounds.BranchedRolloutsOfCurrentPolicy(m, p, g, r, k),
                2 * r * ((gk * g * p / Math.Pow(1 - g, 2)) + (gk * p / (1 - g)) + (k * m / (1 - g))));
            // The derivation in the remarks of OptimalRolloutLength.
            Near(ReturnBounds.BranchedRolloutsOfCurrentPolicy(m, p, g, r, k), 2 * r * ((gk * p / (1 - g)) + (k * m)) / (1 - g));
            // The three terms of the proof of Theorem 4.2.
            Near(ReturnBounds.BranchedRollouts(m, p, g, r, k),
                ReturnBounds.BranchedReturnDifference(0, p, 0, 0, g, r, k) + ReturnBounds.BranchedReturnDifference(0, 0, m, p, g, r, k) +
                    ReturnBounds.BranchedReturnDifference(0, 0, 0, p, g, r, k));
            var slope = random.NextDouble();
            Near(SlideVariants.BetterBound(new ModelGeneralization(m, slope), p, g, r, k),
                2 * r * ((gk * g * p / Math.Pow(1 - g, 2)) + ((gk + 2) * p / (1 - g)) + (k * (m + slope) / (1 - g))));
        });
    }

    // What the slide adds to ε_m is the slope alone, where the paper has the slope times ε_π.
    [TestCase(0.3, 1)]
    [TestCase(-0.05, -1)]
    public void The_slip_of_the_slide_overstates_a_growing_error_and_understates_a_falling_one(double slope, int sign)
    {
        const double Error = 0.1, Shift = 0.4, Discount = 0.9;
        double Slide(int k) => SlideVariants.BetterBound(new ModelGeneralization(Error, slope), Shift, Discount, 1, k);
        // The same formula with the factor put in.
        double Meant(int k) => SlideVariants.BetterBound(new ModelGeneralization(Error, Shift * slope), Shift, Discount, 1, k);
        int Best(Func<int, double> penalty) => Enumerable.Range(0, 200).MinBy(penalty);
        Assert.Multiple(() =>
        {
            Assert.That(Math.Sign(Slide(1) - Meant(1)), Is.EqualTo(sign));
            Assert.That(Math.Sign(Best(Meant) - Best(Slide)), Is.EqualTo(sign), "shorter rollouts for a positive slope, longer ones for a negative");
        });
    }

    // The talk's "k = 0?": with Theorem 4.2 no rollout is worth while, whatever the model.
    [Test]
    public void Of_theorem_4_2_the_best_length_is_always_none([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        var (m, p, g) = (random.NextDouble(), random.NextDouble(), 0.999 * random.NextDouble());
        var penalties = Enumerable.Range(0, 50).Select(k => ReturnBounds.BranchedRollouts(m, p, g, 1, k)).ToArray();
        Assert.That(penalties.Zip(penalties.Skip(1)), Has.All.Matches<(double Shorter, double Longer)>(pair => pair.Longer > pair.Shorter));
    }

    // At k = 0 nothing is imagined; the bound is ten times as wide as any return: of use for comparing, not for its value.
    [Test]
    public void At_a_discount_of_0_99_the_bounds_are_wider_than_all_returns() =>
        Assert.That(ReturnBounds.BranchedRolloutsOfCurrentPolicy(0.05, 0.1, 0.99, 1, 0), Is.EqualTo(2000).Within(1e-9));

    // At a discount of 0 only the first reward counts, of which no more than 2 r_max ε_π can differ.
    [Test]
    public void Without_a_future_only_the_first_reward_differs() =>
        Assert.That(ReturnBounds.ReturnDifference(0.3, 0.2, 0, 5), Is.EqualTo(2 * 5 * 0.2).Within(1e-12));

    [Test]
    public void Arguments_out_of_range_are_named()
    {
        Assert.Multiple(() =>
        {
            Named("modelError", () => ReturnBounds.ModelRollouts(-0.1, 0.1, 0.9, 1));
            Named("modelError", () => ReturnBounds.ModelRollouts(double.NaN, 0.1, 0.9, 1));
            Named("policyShift", () => ReturnBounds.ModelRollouts(0.1, 1.1, 0.9, 1));
            Named("discount", () => ReturnBounds.ModelRollouts(0.1, 0.1, 1, 1));
            Named("discount", () => ReturnBounds.BranchedRollouts(0.1, 0.1, double.NaN, 1, 1));
            Named("maxReward", () => ReturnBounds.BranchedRollouts(0.1, 0.1, 0.9, -1, 1));
            Named("rolloutLength", () => ReturnBounds.BranchedRollouts(0.1, 0.1, 0.9, 1, -1));
            Named("currentModelError", () => ReturnBounds.BranchedRolloutsOfCurrentPolicy(2, 0.1, 0.9, 1, 1));
            Named("modelErrorBefore", () => ReturnBounds.BranchedReturnDifference(2, 0, 0, 0, 0.9, 1, 1));
            Named("policyShiftAfter", () => ReturnBounds.BranchedReturnDifference(0, 0, 0, -1, 0.9, 1, 1));
            Named("divergence", () => TotalVariation.FromDivergence(-1));
            Named("marginal", () => TotalVariation.OfJoint(-1, 0));
            Named("transition", () => TotalVariation.OfStates(2, 1));
            Named("steps", () => TotalVariation.OfStates(0.1, -1));
            Named("ErrorOnData", () => new ModelGeneralization(-1, 0));
            Named("Slope", () => new ModelGeneralization(0, double.NaN));
            Named("policyShift", () => new ModelGeneralization(0, 1).ErrorAt(2));
            Named("currentModelError", () => OptimalRolloutLength.Of(2, 0.1, 0.9));
            Named("policyShift", () => OptimalRolloutLength.Of(0.1, double.NaN, 0.9));
            Named("discount", () => OptimalRolloutLength.Search(0.1, 0.2, 1, 10));
            Named("longest", () => OptimalRolloutLength.Search(0.1, 0.2, 0.9, -1));
        });
    }

    private static (Random Random, double[] Start, double[,] Rewards, double Largest) Setting(int seed)
    {
        var random = new Random(seed);
        var rewards = new double[TabularProcess.States, TabularProcess.Actions];
        for (var state = 0; state < TabularProcess.States; state++)
            for (var action = 0; action < TabularProcess.Actions; action++) rewards[state, action] = (2 * random.NextDouble()) - 1;
        return (random, TabularProcess.Distribution(random, TabularProcess.States), rewards, rewards.Cast<double>().Max(Math.Abs));
    }

    private static void Near(double actual, double expected) => Assert.That(actual, Is.EqualTo(expected).Within(1e-9 * (1 + Math.Abs(expected))));

    private static void Named(string argument, Func<object> call) =>
        Assert.That(() => call(), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(argument));
}
