using MbpoML.Numerics;
using MbpoML.Policies.ValueGradient;
using MbpoML.Tests.Policies.SoftActorCritic;
using static MbpoML.Tests.Policies.ValueGradient.ValueGradientSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

/// <summary>A refit may bring new scales of observations. Policies that were kept through the scales alone fell from one update to the next.</summary>
public class ValueGradientScaleTests
{
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];

    [TestCaseSource(nameof(Both))]
    public void New_scales_leave_policy_and_values_alone_where_that_is_asked_for(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        var settings = Settings(3, 2, 24, 16) with { ActorAveraging = 0.05, KeepsFunctions = true };
        using var task = Ensemble(settings.Layout);
        using var learner = Learner(settings, task.Imagined, acceleration);
        Train(learner, settings, 30);
        var observations = Starts(settings, 5);
        var (averaged, drawn, value, served) = (learner.Act(observations), Draw(), learner.Value(observations), Served());
        var mean = learner.State.Observations.Mean.clone();
        Look(learner, settings, 3, -0.5);
        Assert.Multiple(() =>
        {
            Assert.That((learner.State.Observations.Mean - mean).abs().max().item<float>(), Is.GreaterThan(0.1), "the scales are new");
            Assert.That(LargestDifference(Floats(learner.Act(observations)), Floats(averaged)), Is.LessThan(1e-4), "the averaged policy");
            Assert.That(LargestDifference(Floats(Draw()), Floats(drawn)), Is.LessThan(1e-4), "the policy");
            Assert.That(LargestDifference(Floats(learner.Value(observations)), Floats(value)), Is.LessThan(1e-4), "the values");
            Assert.That(LargestDifference(Floats(Served()), Floats(served)), Is.LessThan(1e-4), "the policy as it is saved");
        });

        Tensor Draw() => learner.Sample(observations, new Generator(8));

        Tensor Served()
        {
            using var policy = learner.ToTransformer();
            return policy.Act(observations);
        }
    }

    [Test]
    public void New_scales_leave_the_last_sound_policy_alone()
    {
        using var scope = NewDisposeScope();
        var settings = Settings(3, 2, 24, 16);
        using var task = Ensemble(settings.Layout);
        using var learner = Learner(settings, task.Imagined);
        Train(learner, settings, 5);
        learner.ThrowIfDiverged();
        Train(learner, settings, 1);
        learner.State.Critics.fill_(float.NaN);
        Assert.That(learner.ThrowIfDiverged, Throws.TypeOf<LearningException>());
        var observations = Starts(settings, 5);
        var before = Served();
        Look(learner, settings, 3, -0.5);
        Assert.That(LargestDifference(Floats(Served()), Floats(before)), Is.LessThan(1e-4));

        Tensor Served()
        {
            using var policy = learner.ToTransformer();
            return policy.Act(observations);
        }
    }

    [Test]
    public void New_scales_leave_weights_alone_and_the_function_of_an_actor_that_is_kept()
    {
        using var scope = NewDisposeScope();
        var settings = Settings(3, 2, 24, 16);
        using var task = Ensemble(settings.Layout);
        using var learner = Learner(settings, task.Imagined);
        Train(learner, settings, 30);
        var (observations, actor, critics) = (Starts(settings, 5), Floats(learner.State.Actor), Floats(learner.State.Critics));
        var acted = learner.Act(observations);
        learner.State.KeepActor(learner.State.Actor);
        Look(learner, settings, 3, -0.5);
        Assert.Multiple(() =>
        {
            Assert.That(Floats(learner.State.Actor), Is.EqualTo(actor));
            Assert.That(Floats(learner.State.Critics), Is.EqualTo(critics));
            Assert.That(LargestDifference(Floats(learner.Act(observations)), Floats(acted)), Is.LessThan(1e-4), "the actor that is kept");
        });
        learner.State.KeepActor(null);
        Assert.That(LargestDifference(Floats(learner.Act(observations)), Floats(acted)), Is.GreaterThan(1e-3), "the scales alone change the policy");
    }

    [TestCase(1.05, 0, false)]
    [TestCase(1.3, 0, true)]
    [TestCase(0.7, 0, true)]
    [TestCase(1, 0.03, false)]
    [TestCase(1, 0.6, true)]
    public void Scales_are_taken_anew_only_where_a_column_is_beyond_the_tolerance(double factor, double shift, bool changes)
    {
        var settings = Settings(3, 2, 8) with { ScaleTolerance = 0.2 };
        using var learner = new ValueGradientLearner(Context(), settings, 7, CPU);
        Look(learner, settings, 1, 0);
        var (mean, deviation) = (Floats(learner.State.Observations.Mean), Floats(learner.State.Observations.Deviation));
        Look(learner, settings, factor, shift);
        Assert.That(Floats(learner.State.Observations.Mean).SequenceEqual(mean) && Floats(learner.State.Observations.Deviation).SequenceEqual(deviation),
            Is.EqualTo(!changes));
    }

    [Test]
    public void The_first_scales_change_no_weight()
    {
        var settings = Settings(3, 2, 8) with { KeepsFunctions = true, ScaleTolerance = 0.1 };
        using var fresh = new ValueGradientLearner(Context(), settings, 7, CPU);
        var before = Weights(fresh);
        Look(fresh, settings, 3, -0.5);
        Assert.That(Weights(fresh), Is.EqualTo(before));
    }

    private static void Look(ValueGradientLearner learner, ValueGradientSettings settings, double factor, double shift)
    {
        using var rows = SacSamples.Rows(settings.Layout, 200, 6);
        using (var columns = settings.Layout.Observation(rows)) columns.mul_(factor).add_(shift);
        learner.Look(rows);
    }
}
