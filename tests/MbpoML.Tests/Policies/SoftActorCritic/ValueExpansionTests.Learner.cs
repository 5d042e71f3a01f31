using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Tests.Fakes;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <content>A learner whose critics look ahead.</content>
public partial class ValueExpansionTests
{
    [Test]
    public void Both_implementations_learn_the_same()
    {
        var settings = SacSamples.Settings(3, 2, 16, 16) with { ValueExpansionSteps = 2, StandardizeObservations = true };
        using var rows = SacSamples.Rows(settings.Layout, 64, seed: 2);
        static ImaginedStep Decay(Tensor state, Tensor action, Generator generator) =>
            new(state * 0.9 + action.sum(1).unsqueeze(1) * 0.1, state.sum(1), (state.abs().amax([1]) > 4));
        float[] Learn(Acceleration acceleration)
        {
            using var learner = SacSamples.Learner(settings, acceleration);
            learner.UseModel(new ImaginedEnvironment(new FunctionModel(settings.Layout, Decay)));
            for (var update = 0; update < 20; update++) learner.Update(rows);
            return SacSamples.AllParameters(learner);
        }

        Assert.That(SacSamples.LargestDifference(Learn(Acceleration.Auto), Learn(Acceleration.Reference)), Is.LessThan(1e-5));
    }

    [Test]
    public void Without_a_model_it_says_so()
    {
        var settings = SacSamples.Settings(3, 2, 8) with { ValueExpansionSteps = 1 };
        using var learner = SacSamples.Learner(settings);
        using var rows = SacSamples.Rows(settings.Layout, 8, seed: 2);
        Assert.That(() => learner.Update(rows), Throws.InvalidOperationException.With.Message.Contains("there is no dynamics model"));
        var trainer = new MLContext(seed: 1).Reinforcement().Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { ValueExpansionSteps = 2 });
        Assert.That(() => trainer.Fit(BadInput.Samples.View()), Throws.InvalidOperationException.With.Message.Contains("ValueExpansionSteps is 2"));
    }
}
