using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.ValueGradient;
using static MbpoML.Tests.Policies.ValueGradient.ValueGradientSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

/// <summary>The fast path and the reference path take the same steps, with any number of workers.</summary>
public class ValueGradientAgreementTests
{
    private static IEnumerable<TestCaseData> Cases()
    {
        ValueGradientSettings plain = Settings(3, 2, 20, 12);
        yield return Case("one of everything", Settings(1, 1, 1) with { BatchSize = 2, Horizon = 1, CriticCount = 1, TargetCriticCount = 1 }, 1);
        yield return Case("defaults", plain, 1);
        yield return Case("two workers", plain, 2);
        yield return Case("odd rows", plain with { BatchSize = 37 }, 2);
        yield return Case("no steps", plain with { Horizon = 0, BoundsValues = false }, 1);
        yield return Case("seven steps, five critics", plain with { Horizon = 7, CriticCount = 5, BatchSize = 9 }, 2);
        yield return Case("all target critics", plain with { TargetCriticCount = 3 }, 1);
        yield return Case("free values", plain with { BoundsValues = false }, 1);
        yield return Case("no zero in the bounds, fast ones", plain with { KeepsZeroInBounds = false, BoundsRate = 0.3 }, 1);
        yield return Case("critics at ends", plain with { ValuesEnds = true }, 1);
        yield return Case("critics at ends, two workers, odd rows", plain with { ValuesEnds = true, BatchSize = 37, Horizon = 7 }, 2);
        yield return Case("critics at ends, no steps", plain with { ValuesEnds = true, Horizon = 0 }, 1);
        yield return Case("decay", plain with { WeightDecay = 10, ActorLearningRate = 1e-3 }, 2);
        yield return Case("average", plain with { ActorAveraging = 0.1 }, 1);
        yield return Case("no normalisation, dropout",
            new ValueGradientSettings(plain.Layout, plain.ActionSpace, [20, 12], [17, 9], NormalizesCritics: false, CriticDropout: 0.2) { BatchSize = 21 }, 1);
        yield return Case("dropout", new ValueGradientSettings(plain.Layout, plain.ActionSpace, [20], [33, 17, 8], CriticDropout: 0.05) { BatchSize = 16 }, 2);
        yield return Case("sizes of HalfCheetah", Settings(17, 6, 64, 64, 64) with { BatchSize = 64, Horizon = 5 }, 1);
    }

    [TestCaseSource(nameof(Cases))]
    public void Paths_agree_over_a_hundred_updates(object given, int workers)
    {
        var settings = (ValueGradientSettings)given;
        using var task = Ensemble(settings.Layout);
        using var reference = Learner(settings, task.Imagined, Acceleration.Reference);
        using var fused = Learner(settings, task.Imagined, Acceleration.Auto, workers);
        Assert.That((reference.IsFused, fused.IsFused), Is.EqualTo((false, true)));
        Train(reference, settings, 100);
        Train(fused, settings, 100);
        var (expected, actual) = (reference.TakeMetrics(), fused.TakeMetrics());
        Assert.Multiple(() =>
        {
            Assert.That(LargestDifference(Weights(fused), Weights(reference)), Is.LessThan(1e-5));
            Assert.That(actual.Keys, Is.EqualTo(expected.Keys));
            foreach (var (name, value) in expected) Assert.That(actual[name], Is.EqualTo(value).Within(1e-4 * Math.Max(1, Math.Abs(value))), name);
            if (settings.Horizon > 2) Assert.That(expected["policy/imagined-length"], Is.InRange(0.2, settings.Horizon - 0.1), "rows end");
        });
    }

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void Paths_agree_with_any_model_and_any_function(Acceleration ensemble)
    {
        var settings = Settings(3, 2, 20, 12);
        using var task = Ensemble(settings.Layout, ensemble, ends: false);
        var reward = RewardFunction.FromTensors(
            (observation, action, next) => next.select(1, 0) - (action.square().sum(1) * 0.1) + (observation.select(1, 1) * 0.2));
        var byRow = TerminationFunction.FromRow((_, _, next) => Math.Abs(next[0]) > 1.5);
        ImaginedEnvironment[] imagined =
        [
            task.Imagined, new(task.Imagined.Model, byRow, reward), new(task.Imagined.Model, TerminationFunction.Never, reward),
            new(Smooth(settings.Layout), Leaving, reward),
            new(Smooth(settings.Layout), byRow),
        ];
        foreach (var (environment, index) in imagined.Select((environment, index) => (environment, index)))
        {
            foreach (var given in (ValueGradientSettings[])[settings, settings with { ValuesEnds = true }])
            {
                using var reference = Learner(given, environment, Acceleration.Reference);
                using var fused = Learner(given, environment, Acceleration.Auto, 2);
                Train(reference, given, 30);
                Train(fused, given, 30);
                Assert.That(LargestDifference(Weights(fused), Weights(reference)), Is.LessThan(1e-5), $"environment {index}, {given.ValuesEnds}");
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void The_number_of_workers_changes_no_bit(object given, int workers)
    {
        var settings = (ValueGradientSettings)given;
        _ = workers;
        using var task = Ensemble(settings.Layout);
        using var one = Learner(settings, task.Imagined, workers: 1);
        using var two = Learner(settings, task.Imagined, workers: 2);
        Train(one, settings, 30);
        Train(two, settings, 30);
        Assert.That(AllParameters(two), Is.EqualTo(AllParameters(one)));
        Assert.That(two.TakeMetrics(), Is.EqualTo(one.TakeMetrics()));
    }

    [Test]
    public void Actions_drawn_by_the_fast_path_are_those_of_the_tensor_operations()
    {
        foreach (var settings in (ValueGradientSettings[])[Settings(3, 2, 24, 16), Settings(1, 1, 1), Settings(17, 6, 64, 64, 64)])
        {
            using var task = Ensemble(settings.Layout);
            using var reference = Learner(settings, task.Imagined, Acceleration.Reference);
            using var one = Learner(settings, task.Imagined);
            using var two = Learner(settings, task.Imagined, workers: 2);
            foreach (var rows in (int[])[1, 2, 33, 256, 33, 1500])
            {
                using var generator = new Generator((ulong)rows);
                using var transposed = randn(settings.Layout.ObservationSize, rows, generator: generator).mul_(2);
                using var view = transposed.t();
                using var dense = view.contiguous();
                var draws = ((ValueGradientLearner, Tensor)[])[(reference, dense), (one, dense), (two, view)];
                var actions = draws.Select(draw =>
                {
                    using var stream = new Generator(5);
                    using var action = draw.Item1.Sample(draw.Item2, stream);
                    Assert.That(action.shape, Is.EqualTo(new long[] { rows, settings.Layout.ActionSize }));
                    return (Values: Floats(action), State: stream.get_state().data<byte>().ToArray());
                }).ToArray();
                Assert.That(LargestDifference(actions[1].Values, actions[0].Values), Is.LessThan(1e-5), $"{rows} rows");
                Assert.That(actions[2].Values, Is.EqualTo(actions[1].Values), $"{rows} rows: neither threads nor the place in memory change a bit");
                Assert.That(actions[1].State, Is.EqualTo(actions[0].State), "as much was drawn");
            }
        }
    }

    [Test]
    public void No_states_have_no_actions()
    {
        var settings = Settings(3, 2, 8);
        using var task = Ensemble(settings.Layout);
        using var learner = Learner(settings, task.Imagined);
        using var generator = new Generator(1);
        using var none = zeros(0, 3);
        using var actions = learner.Sample(none, generator);
        Assert.That(actions.shape, Is.EqualTo(new long[] { 0, 2 }));
    }

    [Test]
    public void Start_states_may_be_a_view()
    {
        var settings = Settings(3, 2, 8);
        using var task = Ensemble(settings.Layout);
        using var dense = Learner(settings, task.Imagined);
        using var strided = Learner(settings, task.Imagined);
        using var starts = Starts(settings, 1);
        using var transposed = starts.t().contiguous();
        using var view = transposed.t();
        dense.Update(starts);
        strided.Update(view);
        Assert.That(AllParameters(strided), Is.EqualTo(AllParameters(dense)));
    }

    private static TestCaseData Case(string name, ValueGradientSettings settings, int workers) => new TestCaseData(settings, workers).SetArgDisplayNames(name);
}
