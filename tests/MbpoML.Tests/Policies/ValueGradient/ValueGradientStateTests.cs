using MbpoML.Data;
using MbpoML.Numerics;
using MbpoML.Policies.ValueGradient;
using MbpoML.Saving;
using MbpoML.Tests.Policies.SoftActorCritic;
using static MbpoML.Tests.Policies.ValueGradient.ValueGradientSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

public class ValueGradientStateTests
{
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];

    [TestCaseSource(nameof(Both))]
    public void Same_seed_gives_the_same_learner_bit_for_bit(Acceleration acceleration)
    {
        var settings = Settings(3, 2, 16, 16);
        using var task = Ensemble(settings.Layout);
        using var first = Learner(settings, task.Imagined, acceleration, seed: 3);
        using var second = Learner(settings, task.Imagined, acceleration, seed: 3);
        using var other = Learner(settings, task.Imagined, acceleration, seed: 4);
        foreach (var learner in (ValueGradientLearner[])[first, second, other]) Train(learner, settings, 20);
        Assert.Multiple(() =>
        {
            Assert.That(AllParameters(second), Is.EqualTo(AllParameters(first)));
            Assert.That(AllParameters(other), Is.Not.EqualTo(AllParameters(first)));
        });
    }

    [Test]
    public void A_restored_learner_goes_on_bit_for_bit_from_any_update([Values] Acceleration acceleration, [Values(0, 1, 4, 5, 9)]
    int stop, [Values] bool averages)
    {
        var settings = new ValueGradientSettings(new TransitionLayout(3, 2), SacSamples.Bounds(2), [16], [12, 8], CriticDropout: 0.1)
        {
            BatchSize = 14,
            ActorAveraging = averages ? 0.2 : null,
        };
        using var task = Ensemble(settings.Layout);
        using var original = Learner(settings, task.Imagined, acceleration, seed: 3);
        // Another seed, other scales and another number of threads.
        using var restored = new ValueGradientLearner(Context(), settings, 99, CPU, acceleration, 2);
        restored.UseModel(task.Imagined);
        Train(original, settings, stop);
        using (var saved = StateMemory.Of(original)) saved.RestoreTo(restored);
        Train(original, settings, 10, first: stop);
        Train(restored, settings, 10, first: stop);
        Assert.That(AllParameters(restored), Is.EqualTo(AllParameters(original)));
        Assert.That(restored.TakeMetrics(), Is.EqualTo(original.TakeMetrics()));
        using var observations = Starts(settings, 77);
        using var expected = original.Sample(observations, new Generator(3));
        using var actual = restored.Sample(observations, new Generator(3));
        Assert.That(Floats(actual), Is.EqualTo(Floats(expected)));
    }

    [Test]
    public void A_damaged_state_is_refused_and_changes_nothing()
    {
        var settings = Settings(3, 2, 16);
        using var task = Ensemble(settings.Layout);
        using var learner = Learner(settings, task.Imagined);
        using var larger = Learner(settings with { CriticCount = 4 }, task.Imagined);
        var before = AllParameters(learner);
        using var saved = StateMemory.Of(larger);
        Assert.That(() => saved.RestoreTo(learner), Throws.InstanceOf<CheckpointException>().With.Message.Contains("critics"));
        Assert.That(AllParameters(learner), Is.EqualTo(before));
    }
}
