using MbpoML.Algorithms.MeTrpo;
using MbpoML.Imagination;
using MbpoML.Saving;

namespace MbpoML.Tests.Algorithms.MeTrpo;

/// <summary>Which policies are kept, and when an optimization ends.</summary>
public class PolicyValidationTests
{
    // The rule of the paper: at most three of ten members, and so one of five, may promise less.
    [TestCase(5, 0, true)]
    [TestCase(5, 1, true)]
    [TestCase(5, 2, false)]
    [TestCase(10, 3, true)]
    [TestCase(10, 4, false)]
    [TestCase(1, 1, false)]
    public void A_policy_is_kept_where_enough_members_do_not_object(int members, int objections, bool isKept)
    {
        var validation = new PolicyValidation(Settings());
        validation.Begin(Enumerable.Repeat(1.0, members).ToArray());
        double[] returns = [.. Enumerable.Range(0, members).Select(member => member < objections ? 0.9 : 1)];
        Assert.That(validation.Observe(returns), Is.EqualTo(isKept));
        Assert.That(validation.Share, Is.EqualTo(1 - ((double)objections / members)).Within(1e-12));
    }

    [Test]
    public void A_policy_is_compared_with_the_one_that_was_kept_last()
    {
        var validation = new PolicyValidation(Settings());
        validation.Begin([5]);
        Assert.That(validation.Observe([4]), Is.False);
        Assert.That(validation.Observe([4.5]), Is.False, "better than before, but not than what was kept");
        Assert.That(validation.Observe([6]), Is.True);
        Assert.That(validation.Observe([5.5]), Is.False);
        Assert.That((validation.Kept, validation.Return), Is.EqualTo((1, 6.0)));
    }

    [Test]
    public void An_episode_that_leaves_the_range_of_numbers_counts_against_a_policy()
    {
        var validation = new PolicyValidation(Settings());
        validation.Begin([1, 1, 1]);
        Assert.That(validation.Observe([2, double.NegativeInfinity, double.NaN]), Is.False);
    }

    [Test]
    public void An_optimization_ends_when_no_policy_was_kept_for_long_or_after_the_most_updates()
    {
        var validation = new PolicyValidation(Settings());
        validation.Begin([0]);
        List<int> due = [];
        while (!validation.IsOver)
        {
            validation.CountUpdate();
            if (!validation.IsDue) continue;
            due.Add(validation.Updates);
            validation.Observe([validation.Updates <= 10 ? validation.Updates : -1]);
        }

        Assert.That(due, Is.EqualTo(new[] { 5, 10, 15, 20, 25, 30, 35 }), "kept at 10, and 25 more");
        validation.Begin([0]);
        while (!validation.IsOver)
        {
            validation.CountUpdate();
            validation.Observe([validation.Updates]);
        }

        Assert.That(validation.Updates, Is.EqualTo(40));
    }

    [Test]
    public void It_goes_on_from_a_saved_state_and_refuses_one_that_is_none()
    {
        var (original, restored) = (new PolicyValidation(Settings()), new PolicyValidation(Settings()));
        original.Begin([1, 2]);
        for (var update = 0; update < 7; update++) original.CountUpdate();
        original.Observe([2, 3]);
        using var saved = new StateMemory();
        original.Save(saved);
        restored.Restore(saved);
        Assert.That((restored.Updates, restored.Kept, restored.Return, restored.Share), Is.EqualTo((7, 1, 2.5, 1.0)));
        Assert.That(restored.Observe([1, 2]), Is.False);
        saved.Replace("counters", TorchSharp.torch.tensor((long[])[3, 4, 1]));
        Assert.That(() => restored.Restore(saved), Throws.InstanceOf<CheckpointException>().With.Message.Contains("counters"));
    }

    internal static MeTrpoSettings Settings(int most = 40) => new(
        StepsPerIteration: 10, MaxPolicyIterations: most, ValidationInterval: 5, ValidationPatience: 25, ValidationShare: 0.7, ValidationStarts: 4,
        ActionNoise: 3, ParameterNoise: 3, ResetsDeviation: true, new EpisodeRollouts.Options());
}
