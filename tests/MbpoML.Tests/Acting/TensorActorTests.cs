using MbpoML.Acting;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies.SoftActorCritic;
using static TorchSharp.torch;

namespace MbpoML.Tests.Acting;

/// <summary>Actors that are given their noise.</summary>
public class TensorActorTests
{
    [Test]
    public void The_noise_decides_the_action_and_nothing_else_changes()
    {
        var policy = new NoisyPolicy(2, 2, gain: 3, noise: 1);
        using var actor = new TensorActor(policy, (observation, noise) => (observation * 10) + noise);
        IActor plain = actor;
        var action = new double[2];
        actor.Act([1, 2], [0.25f, -0.5f], action);
        var drawn = new double[2];
        using var generator = new Generator(2, CPU);
        plain.Act([1, 2], drawn, generator);
        Assert.Multiple(() =>
        {
            Assert.That(action, Is.EqualTo(new[] { 10.25, 19.5 }));
            Assert.That(policy.Sampled, Is.EqualTo(1));
            Assert.That(drawn, Has.None.EqualTo(3.0));
            Assert.That(actor.ToString(), Is.EqualTo(nameof(NoisyPolicy)));
        });
    }

    [Test]
    public void A_learner_on_the_processor_draws_with_given_noise_what_it_draws_with_its_own()
    {
        using var learner = SacSamples.Learner(SacSamples.Settings(5, 3, 32, 16));
        using var actor = (INoisyActor)((IPolicy)learner).NewActor();
        using var generator = new Generator(9, CPU);
        using var same = new Generator(9, CPU);
        var (expected, action) = (new double[3], new double[3]);
        for (var step = 0; step < 5; step++)
        {
            actor.Act([0.1, -0.2, 0.3, step, 0.5], expected, generator);
            using var noise = empty(3).normal_(generator: same);
            actor.Act([0.1, -0.2, 0.3, step, 0.5], noise.data<float>().ToArray(), action);
            Assert.That(action, Is.EqualTo(expected));
        }
    }
}
