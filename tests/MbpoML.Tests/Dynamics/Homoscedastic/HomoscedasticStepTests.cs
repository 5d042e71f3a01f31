using MbpoML.Data;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Dynamics.Homoscedastic.Fused;
using MbpoML.Numerics;
using MbpoML.Saving;
using static MbpoML.Tests.Dynamics.Homoscedastic.HomoscedasticSamples;
using static MbpoML.Tests.Numerics.Networks.NetworkSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

/// <summary>
/// An imagined step and the backward pass through it: against finite differences of a plain computation, what the model samples, and each other.
/// </summary>
public class HomoscedasticStepTests
{
    [TestCase(Acceleration.Reference, true)]
    [TestCase(Acceleration.Auto, true)]
    [TestCase(Acceleration.Auto, false)]
    public void Outcome_and_gradients_equal_those_of_the_plain_computation(Acceleration acceleration, bool normalizes)
    {
        using var scope = NewDisposeScope();
        var options = Small(4, [9, 7], acceleration);
        options.LayerNormalization = normalizes;
        using var learner = Prepared(options, Layout);
        // Two members of 35 rows.
        using var step = learner.Ensemble.CreateStep(70);
        var given = new GivenStep(Layout, 70);
        given.Run(step);
        var plain = new PlainStep(learner.Ensemble, given);
        AssertClose(Doubles(step.Outcome), plain.Outcome(plain.Observation, plain.Action), 2e-6, "outcome");
        var byObservation = Differences(plain.Observation, observation => plain.Loss(observation, plain.Action));
        var byAction = Differences(plain.Action, action => plain.Loss(plain.Observation, action));
        AssertClose(Doubles(step.ObservationGradient), byObservation, 3e-6, "by the observation");
        AssertClose(Doubles(step.ActionGradient), byAction, 3e-6, "by the action");
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(100)]
    [TestCase(128)]
    public void The_fast_path_agrees_with_automatic_differentiation(int batch)
    {
        using var scope = NewDisposeScope();
        foreach (var (layout, hidden) in ((TransitionLayout, int[])[])[(new(1, 1), [1]), (Layout, [33, 17]), (new(17, 6), [256, 256, 256])])
        {
            using var slow = Prepared(Small(8, hidden, Acceleration.Reference), layout);
            using var fast = Prepared(Small(8, hidden), layout);
            using var reference = slow.Ensemble.CreateStep(batch);
            using var fused = fast.Ensemble.CreateStep(batch);
            Assert.That(fused, Is.InstanceOf<FusedHomoscedasticStep>());
            // Memory is used again: the second time must not see the first.
            for (var seed = 1; seed <= 3; seed++)
            {
                var given = new GivenStep(layout, batch, seed);
                given.Run(reference);
                given.Run(fused);
                AssertClose(Doubles(fused.Outcome), Doubles(reference.Outcome), 1e-5, "outcome");
                AssertClose(Doubles(fused.ObservationGradient), Doubles(reference.ObservationGradient), 1e-5, "by the observation");
                AssertClose(Doubles(fused.ActionGradient), Doubles(reference.ActionGradient), 1e-5, "by the action");
            }
        }
    }

    [TestCase(Acceleration.Reference, 1, 300, 1e-6)]
    [TestCase(Acceleration.Auto, 1, 3, 1e-6)]
    [TestCase(Acceleration.Auto, 2, 5000, 1e-6)]
    public void The_outcome_is_what_the_model_samples_with_the_same_generator(Acceleration acceleration, int workers, int batch, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var learner = Prepared(Small(4, [40, 24], acceleration, workers), Layout);
        using var step = learner.Ensemble.CreateStep(batch);
        using var one = new Generator(5);
        using var two = new Generator(5);
        var given = new GivenStep(Layout, batch);
        using var sample = learner.Ensemble.Sample(given.Observation, given.Action, one);
        step.Forward(given.Observation, given.Action, two);
        var expected = cat([sample.Reward.unsqueeze(1), sample.NextObservation], 1);
        Assert.That((step.Outcome - expected).abs().max().item<float>(), Is.LessThanOrEqualTo(tolerance * expected.abs().max().item<float>()));
        Assert.That(one.get_state().data<byte>().ToArray(), Is.EqualTo(two.get_state().data<byte>().ToArray()), "as much was drawn");
    }

    [Test]
    public void A_sample_has_the_members_noise_on_the_observation_and_none_on_the_reward()
    {
        using var scope = NewDisposeScope();
        using var learner = Prepared(Small(2), Layout);
        using var generator = new Generator(1);
        var (observation, action, members) = (ones(20_000, 3), ones(20_000, 2), ones(20_000, int64));
        using var sample = learner.Ensemble.SampleMembers(observation, action, members, generator);
        var (means, deviations) = learner.Ensemble.PredictMembers(observation.narrow(0, 0, 1), action.narrow(0, 0, 1));
        var (mean, deviation) = (Doubles(means[1]), Doubles(deviations[1]));
        var (sampled, spread) = (Doubles(sample.NextObservation.mean([0L])), Doubles(sample.NextObservation.std(0)));
        Assert.That(Doubles(sample.Reward), Is.All.EqualTo(mean[0]).Within(1e-5));
        for (var column = 0; column < 3; column++)
        {
            Assert.That(spread[column], Is.EqualTo(deviation[1 + column]).Within(3).Percent);
            Assert.That(sampled[column], Is.EqualTo(mean[1 + column]).Within(5 * deviation[1 + column] / Math.Sqrt(20_000)));
        }
    }

    [Test]
    public void Members_given_for_each_row_imagine_it()
    {
        using var scope = NewDisposeScope();
        using var learner = Prepared(Small(4), Layout);
        learner.Ensemble.Network.LogNoise.fill_(-30);
        var given = new GivenStep(Layout, 40);
        var members = arange(40, int64) % 4;
        using var generator = new Generator(1);
        using var sample = learner.Ensemble.SampleMembers(given.Observation, given.Action, members, generator);
        var (means, _) = learner.Ensemble.PredictMembers(given.Observation, given.Action);
        for (var row = 0; row < 40; row++)
        {
            Assert.That(sample.Reward[row].item<float>(), Is.EqualTo(means[row % 4, row, 0].item<float>()).Within(1e-5));
            Assert.That(sample.NextObservation[row, 2].item<float>(), Is.EqualTo(means[row % 4, row, 3].item<float>()).Within(1e-5));
        }
    }

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void No_rows_give_no_rows(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        using var learner = Prepared(Small(4, acceleration: acceleration), Layout);
        using var generator = new Generator(1);
        using var sample = learner.Ensemble.Sample(zeros(0, 3), zeros(0, 2), generator);
        Assert.That((sample.NextObservation.shape, sample.Reward.shape), Is.EqualTo((new long[] { 0, 3 }, new long[] { 0 })));
    }

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void A_loss_after_several_steps_goes_back_through_all_of_them(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        using var learner = Prepared(Small(4, [30, 20], acceleration), Layout);
        const int Batch = 70, Horizon = 4;
        var given = Enumerable.Range(1, Horizon).Select(seed => new GivenStep(Layout, Batch, seed)).ToArray();
        // Rewards and the last observation count, in one graph over all steps.
        var (leaf, actions) = (given[0].Observation.clone().requires_grad_(), given.Select(of => of.Action.clone().requires_grad_()).ToArray());
        var (observation, loss) = (leaf, zeros([]));
        for (var index = 0; index < Horizon; index++)
        {
            using var draw = new BalancedDraw(4, Batch, 3);
            using var generator = new Generator((ulong)index);
            draw.Draw(generator);
            var outcome = learner.Ensemble.SampleDrawn(observation, actions[index], draw);
            (observation, loss) = (outcome.narrow(1, 1, 3), loss + outcome.select(1, 0).sum());
        }

        var expected = autograd.grad([loss + observation.square().sum()], [leaf, .. actions]);
        var steps = given.Select(_ => learner.Ensemble.CreateStep(Batch)).ToArray();
        for (var index = 0; index < Horizon; index++)
        {
            using var generator = new Generator((ulong)index);
            var from = index == 0 ? leaf.detach() : steps[index - 1].Outcome.narrow(1, 1, 3);
            steps[index].Forward(from, given[index].Action, generator);
        }

        var gradient = 2 * steps[^1].Outcome.narrow(1, 1, 3);
        for (var index = Horizon - 1; index >= 0; index--)
        {
            steps[index].Backward(cat([ones(Batch, 1), gradient], 1));
            gradient = steps[index].ObservationGradient;
            AssertClose(Doubles(steps[index].ActionGradient), Doubles(expected[1 + index]), 2e-5, $"by the action of step {index}");
        }

        AssertClose(Doubles(gradient), Doubles(expected[0]), 2e-5, "by the first observation");
        foreach (var step in steps) step.Dispose();
    }

    // The fast path keeps the weights turned round: after whatever changes them, it must not go back through the old ones.
    [TestCase(null)]
    [TestCase(1)]
    public void A_step_goes_back_through_the_weights_as_they_are_now(int? patience)
    {
        using var scope = NewDisposeScope();
        var options = Small(4, [30, 20]);
        (options.KeepsFunctions, options.HoldoutRatio, options.Patience, options.HoldoutInterval) = (true, 0.2, patience, 10);
        using var learner = Prepared(options, Layout);
        using var fused = learner.Ensemble.CreateStep(40);
        using var reference = new ReferenceHomoscedasticStep(learner.Ensemble, 40);
        var given = new GivenStep(Layout, 40);
        Agree("at first");
        Fit(learner, 100);
        Agree("after a fit");
        using var state = StateMemory.Of(learner);
        Fit(learner, 300);
        Agree("after a fit with other scales");
        learner.Restore(state);
        Agree("as restored");
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.That(() => learner.Fit(Rows(Layout, 400, 7), stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Agree("after a fit that was stopped, whose scales are new");

        void Agree(string when)
        {
            given.Run(reference);
            given.Run(fused);
            AssertClose(Doubles(fused.ActionGradient), Doubles(reference.ActionGradient), 1e-5, when);
            AssertClose(Doubles(fused.ObservationGradient), Doubles(reference.ObservationGradient), 1e-5, when);
        }
    }

    [Test]
    public void Steps_side_by_side_give_what_each_gives_alone()
    {
        using var learner = Prepared(Small(4, [64, 64]), Layout);
        float[] Run(int seed)
        {
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            using var step = learner.Ensemble.CreateStep(64);
            List<float> all = [];
            for (var round = 0; round < 20; round++)
            {
                new GivenStep(Layout, 64, seed + round).Run(step);
                all.AddRange([.. Floats(step.Outcome), .. Floats(step.ObservationGradient), .. Floats(step.ActionGradient)]);
            }

            return [.. all];
        }

        var alone = Enumerable.Range(0, 4).Select(index => Run(100 * index)).ToArray();
        var together = new float[4][];
        Parallel.For(0, 4, index => together[index] = Run(100 * index));
        Assert.That(together, Is.EqualTo(alone));
    }

    [Test]
    public void The_fast_path_allocates_nothing_once_it_is_there()
    {
        using var scope = NewDisposeScope();
        using var learner = Prepared(Small(8, [40, 24]), Layout);
        using var step = learner.Ensemble.CreateStep(128);
        using var generator = new Generator(1);
        var given = new GivenStep(Layout, 128);
        void Both()
        {
            step.Forward(given.Observation, given.Action, generator);
            step.Backward(given.OutcomeGradient);
        }

        for (var round = 0; round < 20; round++) Both();
        var least = long.MaxValue;
        var tensors = LiveTensors.Settled();
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var repeat = 0; repeat < 20; repeat++) Both();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.LessThan(200), "bytes for 20 steps, forwards and backwards");
        Assert.That(Tensor.TotalCount, Is.EqualTo(tensors));
    }

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void Wrong_calls_are_refused(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        var learner = Prepared(Small(4, acceleration: acceleration), Layout);
        using var step = learner.Ensemble.CreateStep(5);
        using var generator = new Generator(1);
        var (given, other) = (new GivenStep(Layout, 5), new GivenStep(Layout, 6));
        Assert.Multiple(() =>
        {
            Assert.That(() => learner.Ensemble.CreateStep(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => step.Backward(given.OutcomeGradient), Throws.InvalidOperationException.With.Message.Contains("call Forward"));
            Assert.That(() => step.Forward(given.Action, given.Action, generator),
                Throws.ArgumentException.With.Message.Contains("observation is Float32 [5, 2]"));
            Assert.That(() => step.Forward(given.Observation, other.Action, generator), Throws.ArgumentException.With.Message.Contains("action has 6 rows"));
            Assert.That(() => step.Forward(given.Observation, given.Action, null!), Throws.ArgumentNullException);
            Assert.That(() => step.Backward(given.Observation), Throws.ArgumentException.With.Message.Contains("[rows, 4]"));
        });
        step.Forward(given.Observation, given.Action, generator);
        step.Backward(given.OutcomeGradient);
        Assert.That(() => step.Backward(given.OutcomeGradient), Throws.InvalidOperationException.With.Message.Contains("one backward pass"));
        learner.Dispose();
        Assert.That(() => step.Forward(given.Observation, given.Action, generator), Throws.InstanceOf<ObjectDisposedException>());
    }
}
