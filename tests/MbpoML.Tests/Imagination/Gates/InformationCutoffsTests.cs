using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Imagination;
using MbpoML.Imagination.Gates;
using MbpoML.Tests.Fakes;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Imagination.Gates;

public class InformationCutoffsTests
{
    private static readonly TransitionLayout Layout = new(1, 1);
    private DisposeScope _scope = null!;
    private Generator _generator = null!;

    [SetUp]
    public void SetUp() => (_scope, _generator) = (NewDisposeScope(), new Generator(3, CPU));

    [TearDown]
    public void TearDown()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    [Test]
    public void The_loss_is_that_of_a_plain_computation([Values(1e-6, 1e-2, 10)] double accuracy)
    {
        var observation = linspace(0, 5, 30).unsqueeze(1);
        var losses = Rule(options => options.Accuracy = accuracy).Loss(MembersModel.Apart(), observation, zeros_like(observation));
        for (var row = 0; row < 30; row++)
        {
            Assert.That(losses[row, 1].item<float>(), Is.EqualTo(Loss(observation[row, 0].item<float>(), accuracy)).Within(1e-4), $"row {row}");
            Assert.That(losses[row, 0].item<float>(), Is.Zero, "all members agree about the reward");
        }
    }

    [TestCase(0.9999, 0.01, 100.0)]
    [TestCase(0.5, 0.25, 3.0)]
    [TestCase(0, 1, 0.5)]
    public void The_cutoffs_are_quantiles_over_real_transitions_taken_anew_each_time(double step, double rollout, double factor)
    {
        var rule = Rule(options => (options.StepQuantile, options.RolloutQuantile, options.RolloutFactor) = (step, rollout, factor));
        foreach (var scale in new[] { 0.01, 1.0 })
        {
            using var pool = Pool(150, scale);
            using var rows = pool.ToRows();
            double[] sorted = [.. Layout.Observation(rows).contiguous().data<float>().ToArray().Select(real => Loss(real, 1e-6)).Order()];
            ((IRolloutRule)rule).Begin(new RolloutBeginning(1, MembersModel.Apart(), pool, _generator));
            var (perStep, perRollout) = rule.Cutoffs!.Value;
            Assert.Multiple(() =>
            {
                Assert.That(perStep[1].item<float>(), Is.EqualTo(Quantile(sorted, step)).Within(1e-3));
                Assert.That(perRollout[1].item<float>(), Is.EqualTo(factor * Quantile(sorted, rollout)).Within(1e-3 * Math.Max(1, factor)));
                Assert.That(perStep[0].item<float>(), Is.Zero);
            });
        }

        ((IRolloutRule)rule).End();
        Assert.That(rule.Cutoffs, Is.Null);
    }

    [TestCase(0.6, 1.0, 1000.0)]
    [TestCase(1.0, 0.5, 3.0)]
    [TestCase(0.9, 0.3, 5.0)]
    public void A_rollout_ends_before_the_step_that_is_beyond_a_cutoff(double step, double rollout, double factor)
    {
        using var pool = Pool(80, 0.1);
        using var real = pool.ToRows();
        double[] sorted = [.. Layout.Observation(real).contiguous().data<float>().ToArray().Select(at => Loss(at, 1e-6, width: 0.01)).Order()];
        var (perStep, perRollout) = (Quantile(sorted, step), factor * Quantile(sorted, rollout));
        var starts = linspace(0.05, 6.05, 25).unsqueeze(1);
        var kept = new long[25];
        var imagined = new ImaginedEnvironment(MembersModel.Apart(0.01), propagation: Propagation.Mean);
        var rule = Rule(options => (options.StepQuantile, options.RolloutQuantile, options.RolloutFactor) = (step, rollout, factor));
        var statistics = new BranchedRolloutGenerator(imagined, rule, pool).Generate(
            starts, 12, new NoisyPolicy(1, 1, gain: 0, noise: 0), _generator, (_, origins) =>
            {
                foreach (var origin in origins.data<long>()) kept[origin]++;
            });
        var expected = new long[25];
        for (var row = 0; row < 25; row++)
        {
            var (at, sum) = ((double)starts[row, 0].item<float>(), 0.0);
            for (; expected[row] < 12; at++, expected[row]++)
            {
                var loss = Loss(at, 1e-6, width: 0.01);
                sum += loss;
                if (loss > perStep || sum > perRollout) break;
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(kept, Is.EqualTo(expected));
            Assert.That(expected.Distinct().Count(), Is.AtLeast(2), "some stop early, others late");
            Assert.That(statistics.Transitions, Is.EqualTo(expected.Sum()));
            Assert.That(statistics.Stopped, Is.EqualTo(expected.Count(length => length < 12)));
            Assert.That(rule.Cutoffs, Is.Null, "what was kept for the rollouts is gone");
            // The reward loses nothing.
            var metrics = ((IRolloutRule)rule).TakeMetrics();
            Assert.That(metrics["rollout/step-cutoff"], Is.EqualTo(perStep / 2).Within(1e-3));
            Assert.That(metrics["rollout/rollout-cutoff"], Is.EqualTo(perRollout / 2).Within(1e-2));
        });
    }

    [Test]
    public void Of_many_real_transitions_some_are_drawn_by_the_generator_of_the_rollouts()
    {
        using var pool = Pool(500, 1);
        (float, float) Cutoffs(int samples, ulong seed)
        {
            using var generator = new Generator(seed, CPU);
            var rule = Rule(options => (options.Samples, options.StepQuantile) = (samples, 0.5));
            ((IRolloutRule)rule).Begin(new RolloutBeginning(1, MembersModel.Apart(), pool, generator));
            var (perStep, perRollout) = rule.Cutoffs!.Value;
            return (perStep[1].item<float>(), perRollout[1].item<float>());
        }

        var first = Cutoffs(20, 1);
        Assert.Multiple(() =>
        {
            Assert.That(Cutoffs(20, 1), Is.EqualTo(first));
            Assert.That(Cutoffs(20, 2), Is.Not.EqualTo(first));
            Assert.That(Cutoffs(500, 1), Is.EqualTo(Cutoffs(500, 2)), "all of them");
        });
    }

    [Test]
    public void Rollouts_without_real_transitions_or_members_are_refused() => Assert.Multiple(() =>
    {
        IRolloutRule rule = Rule();
        using var empty = new ReplayPool(Layout, 5);
        using var pool = Pool(5, 1);
        Assert.That(() => rule.Begin(new RolloutBeginning(1, MembersModel.Apart(), null, _generator)),
            Throws.InvalidOperationException.With.Message.Contains("real transitions"));
        Assert.That(() => rule.Begin(new RolloutBeginning(1, MembersModel.Apart(), empty, _generator)),
            Throws.InvalidOperationException.With.Message.Contains("real transitions"));
        Assert.That(() => rule.Begin(new RolloutBeginning(1, new AdditiveModel(1), pool, _generator)),
            Throws.InvalidOperationException.With.Message.Contains("AdditiveModel"));
        Assert.That(() => rule.Judge(default), Throws.InvalidOperationException.With.Message.Contains("Begin first"));
    });

    private static InformationCutoffs Rule(Action<InformationCutoffs.Options>? change = null)
    {
        var options = new InformationCutoffs.Options();
        change?.Invoke(options);
        return (InformationCutoffs)RolloutRule.InformationCutoffs(options);
    }

    // Two unit normals at ± the observation times a width: σ̄² = 1 and v = (x · width)².
    private static double Loss(double observation, double accuracy, double width = 1)
    {
        var epistemic = Math.Pow(observation * width, 2);
        var gain = 1 / (1 + epistemic);
        return Math.Max(0, (0.5 * Math.Log2(2 * Math.PI * Math.E * (1 - gain))) - Math.Log2(accuracy));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var (low, high) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return low + ((high - low) * (place - Math.Floor(place)));
    }

    private ReplayPool Pool(int count, double scale)
    {
        var pool = new ReplayPool(Layout, count);
        foreach (var at in randperm(count, generator: _generator).data<long>().ToArray()) pool.Add([(at + 1) * scale], [0], 0, [0], false, false);
        return pool;
    }
}
