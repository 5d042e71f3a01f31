using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Saving;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>With <see cref="SoftActorCriticTrainer.Options.NormalizeRewards"/> the unit of the reward does not matter.</summary>
public class RewardNormalizationTests
{
    private const int Updates = 10;
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];
    private static readonly SacSettings Normalizing = Settings(3, 2, 16, 16) with { NormalizeRewards = true };

    [TestCaseSource(nameof(Both))]
    public void Rewards_in_another_unit_teach_the_same_policy_bit_for_bit(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Normalizing, acceleration);
        using var large = Learner(Normalizing, acceleration);
        using var small = Learner(Normalizing, acceleration);
        using var plain = Learner(Normalizing with { NormalizeRewards = false }, acceleration);
        using var plainLarge = Learner(Normalizing with { NormalizeRewards = false }, acceleration);
        for (var seed = 1; seed <= Updates; seed++)
        {
            learner.Update(RowsWithRewards(1, seed));
            // Powers of two round nothing.
            large.Update(RowsWithRewards(1 << 14, seed));
            small.Update(RowsWithRewards(1.0 / (1 << 14), seed));
            plain.Update(RowsWithRewards(1, seed));
            plainLarge.Update(RowsWithRewards(1 << 14, seed));
        }

        Assert.Multiple(() =>
        {
            Assert.That(AllParameters(large), Is.EqualTo(AllParameters(learner)));
            Assert.That(AllParameters(small), Is.EqualTo(AllParameters(learner)));
            Assert.That(AllParameters(plainLarge), Is.Not.EqualTo(AllParameters(plain)), "without it the unit counts");
            Assert.That(learner.State.RewardScale * 3, Is.EqualTo(1 / RootMeanSquare(RowsWithRewards(1.0 / 3, 1))).Within(1e-6),
                "the scale of the first minibatch stays");
        });
    }

    [TestCaseSource(nameof(Both))]
    public void The_critics_begin_at_the_value_of_the_mean_reward(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        // Every row earns 5 and a quarter of them end the task: 1 / (1 - 0.5 · 0.75) in units of the reward.
        var settings = Normalizing with { Discount = 0.5, EntropyCoefficient = 0 };
        using var learner = Learner(settings, acceleration);
        var rows = Rows(settings.Layout, 64, 1);
        settings.Layout.Reward(rows).fill_(5);
        learner.Update(rows);
        Assert.That(learner.TakeMetrics()[SacMetrics.Names[SacMetrics.Value]], Is.EqualTo(1 / (1 - (0.5 * 0.75))).Within(0.8),
            "the first weights add some tenths");
    }

    [TestCaseSource(nameof(Both))]
    public void States_are_worth_what_is_earned_from_there_in_units_of_the_rewards_whatever_the_scales(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        foreach (var (scaled, standardized) in new[] { (false, false), (true, false), (true, true) })
        {
            // Every row earns 5 and a quarter of them end the task: 5 / (1 - 0.5 · 0.75) = 8.
            var settings = Settings(3, 2, 16, 16) with
            {
                NormalizeRewards = scaled,
                StandardizeObservations = standardized,
                Discount = 0.5,
                EntropyCoefficient = 0,
                LearningRate = 3e-3,
                TargetSmoothing = 0.05,
            };
            using var learner = Learner(settings, acceleration);
            for (var seed = 1; seed <= 400; seed++)
            {
                using var rows = Rows(settings.Layout, 64, seed);
                settings.Layout.Reward(rows).fill_(5);
                learner.Update(rows);
            }

            using var states = settings.Layout.Observation(Rows(settings.Layout, 64, 1000)).clone();
            // The policy takes the action that looks best, so that it may be a little more.
            Assert.That(Floats(learner.Value(states)).Average(), Is.InRange(7, 10), $"scaled {scaled}, standardized {standardized}");
        }
    }

    [Test]
    public void A_minibatch_without_rewards_leaves_the_scale()
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Normalizing with { RewardScale = 3 });
        learner.Update(RowsWithRewards(0, 1));
        Assert.That(learner.State.RewardScale, Is.EqualTo(3));
    }

    [Test]
    public void A_saved_learner_goes_on_with_its_scale_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Normalizing);
        using var again = Learner(Normalizing, seed: 99);
        learner.Update(RowsWithRewards(1000, 1));
        using var state = StateMemory.Of(learner);
        state.RestoreTo(again);
        foreach (var each in (SacLearner[])[learner, again]) each.Update(RowsWithRewards(7, 2));
        Assert.That(AllParameters(again), Is.EqualTo(AllParameters(learner)));

        state.Replace("reward-scale", tensor([0.0]));
        Assert.That(() => state.RestoreTo(again), Throws.TypeOf<CheckpointException>().With.Message.Contains("reward scale of soft actor-critic is [0]"));
    }

    private static Tensor RowsWithRewards(double unit, int seed)
    {
        var rows = Rows(Normalizing.Layout, 64, seed);
        Normalizing.Layout.Reward(rows).mul_(unit);
        return rows;
    }

    private static double RootMeanSquare(Tensor rows) =>
        Math.Sqrt(Floats(Normalizing.Layout.Reward(rows).contiguous()).Average(reward => (double)reward * reward));
}
