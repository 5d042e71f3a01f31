using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Saving;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

public class SacLearnerTests
{
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];

    [TestCaseSource(nameof(Both))]
    public void Same_seed_gives_the_same_learner_bit_for_bit(Acceleration acceleration)
    {
        var settings = Settings(3, 2, 16, 16);
        using var first = Learner(settings, acceleration, seed: 3);
        using var second = Learner(settings, acceleration, seed: 3);
        using var other = Learner(settings, acceleration, seed: 4);
        foreach (var learner in (SacLearner[])[first, second, other]) Train(learner, settings, 20);
        Assert.Multiple(() =>
        {
            Assert.That(AllParameters(second), Is.EqualTo(AllParameters(first)));
            Assert.That(AllParameters(other), Is.Not.EqualTo(AllParameters(first)));
        });
    }

    [TestCaseSource(nameof(Both))]
    public void Restored_learner_goes_on_bit_for_bit(Acceleration acceleration)
    {
        var settings = Settings(3, 2, 16);
        using var original = Learner(settings, acceleration, seed: 3);
        using var restored = Learner(settings, acceleration, seed: 99);
        Train(original, settings, 10);
        using var captured = new StateMemory();
        original.State.Save(captured);
        Train(original, settings, 10);
        restored.State.Restore(captured);
        Train(restored, settings, 10);
        Assert.That(AllParameters(restored), Is.EqualTo(AllParameters(original)));
    }

    [Test]
    public void Two_workers_repeat_themselves_bit_for_bit()
    {
        var settings = Settings(5, 2, 32, 32);
        using var first = Learner(settings, workers: 2);
        using var second = Learner(settings, workers: 2);
        Train(first, settings, 30, batch: 65);
        Train(second, settings, 30, batch: 65);
        Assert.That(AllParameters(second), Is.EqualTo(AllParameters(first)));
    }

    [Test]
    public void First_weights_are_glorot_uniform_with_zero_biases_and_targets_are_copies()
    {
        var settings = Settings(17, 6, 256, 256);
        using var learner = Learner(settings);
        var (flat, shape) = (Floats(learner.State.Actor), settings.Actor);
        Assert.Multiple(() =>
        {
            for (var layer = 0; layer < shape.Layers; layer++)
            {
                var limit = Math.Sqrt(6.0 / (shape.In(layer) + shape.Out(layer)));
                var weights = flat[shape.WeightOffset(layer)..shape.BiasOffset(layer)];
                Assert.That(weights.Max(Math.Abs), Is.InRange(0.98 * limit, limit * 1.000001));
                Assert.That(weights.Average(weight => weight * weight), Is.EqualTo(limit * limit / 3).Within(0.1 * limit * limit / 3),
                    "variance of a uniform draw");
                Assert.That(flat.AsSpan(shape.BiasOffset(layer), shape.Out(layer)).ToArray(), Is.All.Zero);
            }
            Assert.That(Floats(learner.State.Targets), Is.EqualTo(Floats(learner.State.Critics)));
            Assert.That(Floats(learner.State.Critics[0]), Is.Not.EqualTo(Floats(learner.State.Critics[1])));
        });
    }

    [TestCaseSource(nameof(Both))]
    public void Targets_follow_the_new_critics_by_tau(Acceleration acceleration)
    {
        var settings = Settings(3, 1, 8) with { TargetSmoothing = 0.25 };
        using var learner = Learner(settings, acceleration);
        var before = Floats(learner.State.Targets);
        Train(learner, settings, 1);
        var critics = Floats(learner.State.Critics);
        Assert.That(critics, Is.Not.EqualTo(before));
        Assert.That(LargestDifference(Floats(learner.State.Targets), [.. before.Zip(critics, (target, critic) => (0.75f * target) + (0.25f * critic))]),
            Is.LessThan(1e-7));
    }

    [TestCase(Acceleration.Auto, 5.0, true)]
    [TestCase(Acceleration.Auto, -50.0, false)]
    [TestCase(Acceleration.Reference, 5.0, true)]
    [TestCase(Acceleration.Reference, -50.0, false)]
    public void Alpha_rises_when_the_policy_is_less_random_than_wanted_and_falls_otherwise(Acceleration acceleration, double targetEntropy, bool rises)
    {
        var settings = Settings(3, 2, 8) with { TargetEntropy = targetEntropy };
        using var learner = Learner(settings, acceleration);
        Train(learner, settings, 10);
        Assert.That(learner.State.LogAlpha.item<float>(), rises ? Is.GreaterThan(0.002f) : Is.LessThan(-0.002f));
    }

    [TestCaseSource(nameof(Both))]
    public void Terminated_rows_do_not_bootstrap_and_truncated_rows_do(Acceleration acceleration)
    {
        // With γ = 0.5, reward 1 and no entropy bonus, the value is 1 where every row is terminated and 1 / (1 - γ) = 2 where every row is only truncated.
        Assert.Multiple(() =>
        {
            Assert.That(LearnedValue(acceleration, terminated: 1, truncated: 0), Is.EqualTo(1).Within(0.1));
            Assert.That(LearnedValue(acceleration, terminated: 0, truncated: 1), Is.EqualTo(2).Within(0.15));
        });
    }

    [Test]
    public void Truncation_flag_changes_nothing()
    {
        var settings = Settings(3, 2, 8);
        using var first = Learner(settings);
        using var second = Learner(settings);
        using var rows = Rows(settings.Layout, 16, 1);
        using var flipped = rows.clone();
        using (var flags = settings.Layout.Truncated(flipped)) flags.fill_(1);
        first.Update(rows);
        second.Update(flipped);
        Assert.That(AllParameters(second), Is.EqualTo(AllParameters(first)));
    }

    [Test]
    public void Actions_are_in_environment_units_and_inside_the_bounds()
    {
        var settings = Settings(3, 2, 8);
        using var learner = Learner(settings);
        using (var biases = learner.State.Actor.narrow(1, settings.Actor.BiasOffset(1), 2)) biases.copy_(tensor(new[] { 30f, -30f }));
        using var observation = randn(50, 3, generator: new Generator(1));
        using var mode = learner.Act(observation);
        using var drawn = learner.Sample(observation, new Generator(2));
        using var again = learner.Sample(observation, new Generator(2));
        Assert.Multiple(() =>
        {
            Assert.That(Floats(mode).Chunk(2), Is.All.EqualTo(new[] { 2f, -1.5f }), "the upper bound of the first and the lower bound of the second dimension");
            Assert.That(Floats(drawn).Chunk(2).All(action => action[0] is >= -1 and <= 2 && action[1] is >= -1.5f and <= 3), Is.True);
            Assert.That(Floats(again), Is.EqualTo(Floats(drawn)));
            Assert.That(mode.requires_grad, Is.False);
        });
    }

    [Test]
    public void Metrics_are_averages_since_the_last_call()
    {
        var settings = Settings(3, 2, 8) with { EntropyCoefficient = 0.3 };
        using var learner = Learner(settings);
        Assert.That(learner.TakeMetrics(), Is.Empty);
        Train(learner, settings, 4);
        var metrics = learner.TakeMetrics();
        Assert.Multiple(() =>
        {
            Assert.That(metrics.Keys, Is.EquivalentTo(SacMetrics.Names));
            Assert.That(metrics["policy/alpha"], Is.EqualTo(0.3).Within(1e-6));
            Assert.That(learner.TakeMetrics(), Is.Empty);
        });
    }

    [Test]
    public void Parameters_for_a_transformer_are_a_copy()
    {
        var settings = Settings(3, 2, 8, 6);
        using var learner = Learner(settings);
        var parameters = learner.ToParameters();
        using var policy = learner.ToTransformer();
        using var observation = randn(5, 3, generator: new Generator(1));
        using var expected = learner.Act(observation);
        Train(learner, settings, 50);
        using var actual = policy.Act(observation);
        Assert.Multiple(() =>
        {
            Assert.That(parameters.Weights.Select(weights => weights.Length), Is.EqualTo(new[] { 24, 48, 24 }));
            Assert.That(parameters.Biases.Select(biases => biases.Length), Is.EqualTo(new[] { 8, 6, 4 }));
            Assert.That(LargestDifference(Floats(actual), Floats(expected)), Is.LessThan(1e-6));
        });
    }

    [Test]
    public void Wrong_minibatch_is_refused_with_both_shapes()
    {
        var settings = Settings(3, 2, 8);
        using var learner = Learner(settings);
        using var rows = zeros(4, settings.Layout.Width - 1);
        Assert.That(() => learner.Update(rows), Throws.ArgumentException.With.Message.Contains("[4, 10]").And.Message.Contains("[rows, 11]"));
    }

    [TestCase(Acceleration.Auto, 1, 10_000)]
    [TestCase(Acceleration.Auto, 2, 3_000)]
    [TestCase(Acceleration.Reference, 1, 500)]
    public void Live_tensors_stay_constant(Acceleration acceleration, int workers, int updates)
    {
        var settings = Settings(2, 1, 8);
        using var learner = Learner(settings, acceleration, workers);
        using var rows = Rows(settings.Layout, 8, 1);
        for (var update = 0; update < 10; update++) learner.Update(rows);
        var before = LiveTensors.Settled();
        for (var update = 0; update < updates; update++) learner.Update(rows);
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Fast_path_allocates_next_to_nothing(int workers)
    {
        const int Rounds = 5, Updates = 200;
        var settings = Settings(17, 6, 32, 32);
        using var learner = Learner(settings, workers: workers);
        using var rows = Rows(settings.Layout, 64, 1);
        for (var update = 0; update < 200; update++) learner.Update(rows);
        var bytes = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var update = 0; update < Updates; update++) learner.Update(rows);
            bytes[round] = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Updates;
        }

        // The least of several rounds: on a busy machine other threads of the process allocate, too.
        Assert.That(bytes.Min(), Is.LessThan(300), "bytes an update, of all threads");
    }

    private static void Train(SacLearner learner, SacSettings settings, int updates, int batch = 16)
    {
        for (var update = 0; update < updates; update++)
        {
            using var rows = Rows(settings.Layout, batch, update);
            learner.Update(rows);
        }
    }

    private static double LearnedValue(Acceleration acceleration, float terminated, float truncated)
    {
        var settings = Settings(2, 1, 16) with { EntropyCoefficient = 0, Discount = 0.5, LearningRate = 5e-3, TargetSmoothing = 0.05 };
        using var learner = Learner(settings, acceleration);
        for (var update = 0; update < 400; update++)
        {
            using var scope = NewDisposeScope();
            var rows = Rows(settings.Layout, 32, update);
            settings.Layout.Reward(rows).fill_(1);
            settings.Layout.Terminated(rows).fill_(terminated);
            settings.Layout.Truncated(rows).fill_(truncated);
            if (update == 380) learner.TakeMetrics();
            learner.Update(rows);
        }
        return learner.TakeMetrics()["policy/q-mean"];
    }
}
