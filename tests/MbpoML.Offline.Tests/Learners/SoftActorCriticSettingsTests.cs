using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Learners;

/// <summary>What offline methods set on soft actor-critic is done by the fast path as by the reference.</summary>
public class SoftActorCriticSettingsTests
{
    private static readonly TransitionLayout Layout = new(2, 1);

    [TestCase(true, null)]
    [TestCase(false, null)]
    [TestCase(false, 0.0)]
    public void The_fast_path_agrees_with_the_reference(bool entropyInTarget, double? leastTarget)
    {
        var settings = new SacSettings(Layout, BoxSpace.Uniform(1, -1, 1), [16, 16])
        {
            LearningRate = 1e-3,
            ActorLearningRate = 3e-4,
            EntropyLearningRate = 1e-2,
            MaxEntropyCoefficient = 0.5,
            EntropyInTarget = entropyInTarget,
            LeastTarget = leastTarget,
        };
        using var scope = NewDisposeScope();
        using var fast = Learner(settings, Acceleration.Auto);
        using var reference = Learner(settings, Acceleration.Reference);
        using var generator = new Generator(1, CPU);
        for (var update = 0; update < 6; update++)
        {
            var rows = randn([32, Layout.Width], ScalarType.Float32, generator: generator);
            Layout.Terminated(rows).copy_(Layout.Terminated(rows).gt(1));
            Layout.Action(rows).tanh_();
            foreach (var learner in (SacLearner[])[fast, reference])
            {
                learner.ScaleActorRate(1 - (0.15 * update));
                learner.Update(rows);
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That((fast.IsFused, reference.IsFused), Is.EqualTo((true, false)));
            Assert.That(Numbers(fast.State.Actor), Is.EqualTo(Numbers(reference.State.Actor)).Within(1e-5f));
            Assert.That(Numbers(fast.State.Targets), Is.EqualTo(Numbers(reference.State.Targets)).Within(1e-5f));
            Assert.That(Numbers(fast.State.LogAlpha), Is.EqualTo(Numbers(reference.State.LogAlpha)).Within(1e-5f));
            Assert.That(Numbers(fast.State.LogAlpha)[0], Is.LessThanOrEqualTo((float)Math.Log(0.5)));
        });
    }

    [Test]
    public void A_rate_of_zero_leaves_the_actor_as_it_is()
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(new SacSettings(Layout, BoxSpace.Uniform(1, -1, 1), [16, 16]), Acceleration.Auto);
        var before = Numbers(learner.State.Actor);
        learner.ScaleActorRate(0);
        learner.Update(randn([32, Layout.Width], ScalarType.Float32).abs().clamp(0, 0.9));
        Assert.That(Numbers(learner.State.Actor), Is.EqualTo(before));
    }

    private static SacLearner Learner(SacSettings settings, Acceleration acceleration) =>
        new(new ComponentContext(new MLContext(1)), settings, seed: 1, CPU, acceleration);

    private static float[] Numbers(Tensor values) => values.view(-1).data<float>().ToArray();
}
