using MbpoML.Theory;

namespace MbpoML.Tests.Theory;

public partial class OptimalRolloutLengthTests
{
    [Test]
    public void The_closed_form_finds_what_a_search_finds() => Compare(cases: 500, seed: 2);

    [TestCase(0.97, 4)]
    [TestCase(0.9, 11)]
    [TestCase(0.5, 69)]
    [TestCase(1, 0)]
    [TestCase(2, 0)]
    public void The_better_the_model_beside_the_shift_the_longer(double ratio, int expected) =>
        Assert.That(OptimalRolloutLength.Of(0.1 * ratio, 0.1, 0.99), Is.EqualTo(expected));

    [Test]
    public void A_model_without_error_is_rolled_out_as_long_as_allowed()
    {
        Assert.That(OptimalRolloutLength.Of(0, 0.1, 0.99, longest: 25), Is.EqualTo(25));
        Assert.That(OptimalRolloutLength.Of(0, 0.1, 0), Is.EqualTo(1));
        Assert.That(OptimalRolloutLength.Of(0, 0, 0.99), Is.Zero, "nothing has shifted");
    }

    // The logarithms are rounded, one way or the other: at each of these errors the answer would be off by one without the definition.
    [Test]
    public void Where_a_step_neither_helps_nor_harms_it_is_not_taken([Values(0.5, 0.9, 0.99)] double discount)
    {
        for (var length = 0; length < 300; length++)
        {
            var error = Math.Pow(discount, length);
            Assert.That(OptimalRolloutLength.Of(error, 1, discount), Is.EqualTo(length), $"an error of {discount} to the power of {length}");
            Assert.That(OptimalRolloutLength.Of(Math.BitDecrement(error), 1, discount), Is.EqualTo(length + 1), $"below {discount} to the power of {length}");
        }
    }

    [Test]
    public void Of_equal_penalties_the_shortest_rollout_is_taken() => Assert.Multiple(() =>
    {
        Assert.That(OptimalRolloutLength.Search(0.5, 1, 0.5, 10), Is.EqualTo(1), "one step and two have a penalty of 6 each");
        Assert.That(OptimalRolloutLength.Search(0, 0, 0.9, 10), Is.Zero);
    });

    [Test]
    public void At_a_discount_of_zero_one_step_counts_and_none_where_none_is_allowed() => Assert.Multiple(() =>
    {
        Assert.That(OptimalRolloutLength.Of(0.05, 0.1, 0), Is.EqualTo(1));
        Assert.That(OptimalRolloutLength.Of(0, 0.1, 0, longest: 0), Is.Zero);
        Assert.That(OptimalRolloutLength.Of(0.05, 0.1, 0.9, longest: 0), Is.Zero);
    });

    [Test]
    public void The_model_is_trusted_where_offset_and_slope_are_small_beside_the_shift()
    {
        Assert.Multiple(() =>
        {
            Assert.That(OptimalRolloutLength.TrustsModel(new ModelGeneralization(0.01, 0.5), 0.1));
            Assert.That(OptimalRolloutLength.TrustsModel(new ModelGeneralization(0.01, 0.95), 0.1), Is.False);
            Assert.That(OptimalRolloutLength.TrustsModel(new ModelGeneralization(0.1, 0.5), 0.1), Is.False);
            Assert.That(new ModelGeneralization(0.01, 0.5).ErrorAt(0.1), Is.EqualTo(0.06).Within(1e-12));
            Assert.That(new ModelGeneralization(0.5, 2).ErrorAt(0.9), Is.EqualTo(1), "no distance is larger");
        });
    }

    [Test]
    public void A_model_whose_error_is_as_large_as_the_shift_is_not_trusted() =>
        Assert.That(OptimalRolloutLength.TrustsModel(new ModelGeneralization(0.1, 0), 0.1), Is.False);

    // The slip of the slide: the error is overstated, so the bound says to roll out less.
    [Test]
    public void The_slides_formula_recommends_shorter_rollouts_than_the_paper()
    {
        var generalization = new ModelGeneralization(0.01, 0.03);
        const double Shift = 0.2;
        var slide = Enumerable.Range(0, 400).MinBy(k => SlideVariants.BetterBound(generalization, Shift, 0.99, 1, k));
        Assert.That(slide, Is.EqualTo(OptimalRolloutLength.Of(0.04, Shift, 0.99)));
        Assert.That(slide, Is.LessThan(OptimalRolloutLength.Of(generalization.ErrorAt(Shift), Shift, 0.99)));
    }

    [Test]
    public void Pinsker_bounds_the_distance_of_two_normal_distributions([Values(0.01, 0.1, 0.5, 1, 3, 10)] double distance)
    {
        // D_KL of N(0, 1) and N(d, 1) is d² / 2, and D_TV is 2 Φ(d / 2) - 1, here by its integral.
        const int Steps = 20_000;
        var half = distance / 2;
        var integral = Enumerable.Range(0, Steps)
            .Sum(step => Math.Exp(-0.5 * Math.Pow((step + 0.5) * half / Steps, 2))) * half / Steps / Math.Sqrt(2 * Math.PI);
        var (exact, bound) = (2 * integral, TotalVariation.FromDivergence(distance * distance / 2));
        Assert.That(bound, Is.InRange(exact, 1.0));
        if (distance < 0.5) Assert.That(bound, Is.LessThan(1.3 * exact), "it is not far off where the distance is small");
    }

    [Test]
    public void Joint_and_later_states_differ_by_no_more_than_lemmas_B1_and_B2([Range(1, 30)] int seed)
    {
        var random = new Random(seed);
        var start = TabularProcess.Distribution(random, TabularProcess.States);
        var one = TabularProcess.Random(random);
        var other = one.WithOtherTransition(random, 0.2).WithOtherPolicy(random, 0.2);
        // Of a transition whose action is drawn: B.1 with the policy as the marginal.
        var step = TotalVariation.OfJoint(one.PolicyShift(other), one.LargestTransitionError(other));
        var (states, otherStates) = (start, start);
        for (var t = 0; t < 20; t++, (states, otherStates) = (one.Next(states), other.Next(otherStates)))
            Assert.That(TabularProcess.Distance(states, otherStates), Is.LessThanOrEqualTo(TotalVariation.OfStates(step, t) + 1e-12));
    }

    private static void Compare(int cases, int seed)
    {
        var random = new Random(seed);
        for (var number = 0; number < cases; number++)
        {
            var discount = number % 4 == 0 ? random.NextDouble() : 1 - Math.Pow(10, -2 * random.NextDouble());
            var shift = random.NextDouble();
            // Most of them where the answer is neither none nor the longest.
            var error = number % 5 == 0 ? random.NextDouble() : shift * Math.Pow(random.NextDouble(), 2);
            var longest = random.Next(0, 400);
            Assert.That(OptimalRolloutLength.Of(error, shift, discount, longest), Is.EqualTo(OptimalRolloutLength.Search(error, shift, discount, longest)),
                $"{error}, {shift}, {discount}, {longest}");
        }
    }
}
