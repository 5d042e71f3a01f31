using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Ensemble.Fused;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Policies.SoftActorCritic.Fused;
using MbpoML.Saving;
using MbpoML.Tests.Dynamics.Ensemble;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Devices;

/// <summary>What every device computes is what the CPU computes, up to rounding.</summary>
[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.Names))]
public class DeviceAgreementTests(string name)
{
    private readonly Device _device = device(name);

    [Test]
    public void Policy_updates_agree_with_the_fast_path_of_the_CPU()
    {
        using var scope = NewDisposeScope();
        var settings = Settings(11, 3, 32, 32);
        using var there = new SacState(settings, seed: 7, _device);
        using var here = new SacState(settings, seed: 7, CPU);
        using var scalingThere = new ActionScaling(settings.ActionSpace, _device);
        using var scalingHere = new ActionScaling(settings.ActionSpace, CPU);
        using var reference = new ReferenceSacUpdate(settings, there, scalingThere);
        using var fused = new FusedSacUpdate(settings, here, scalingHere, 1);
        foreach (var (noise, update) in Noise(learnerSeed: 7, batch: 64, actions: 3, updates: 50).Select((noise, update) => (noise, update)))
        {
            var rows = Rows(settings.Layout, 64, update);
            reference.Update(rows.to(_device), noise.to(_device));
            fused.Update(rows, noise);
        }
        Assert.That(LargestDifference(there.Actor, here.Actor), Is.LessThan(1e-4));
        Assert.That(LargestDifference(there.Critics, here.Critics), Is.LessThan(1e-4));
        Assert.That(LargestDifference(there.LogAlpha, here.LogAlpha), Is.LessThan(1e-5));
    }

    [Test]
    public void A_policy_learner_goes_on_from_its_state()
    {
        using var scope = NewDisposeScope();
        var settings = Settings(4, 2, 16);
        using var learner = new SacLearner(Context(), settings, seed: 7, _device, Acceleration.Reference);
        using var restored = new SacLearner(Context(), settings, seed: 8, _device, Acceleration.Reference);
        void Update(SacLearner one, int times)
        {
            for (var update = 0; update < times; update++) one.Update(Rows(settings.Layout, 16, update).to(_device));
        }
        Update(learner, 3);
        using var state = new StateMemory();
        learner.State.Save(state);
        Update(learner, 3);
        restored.State.Restore(state);
        Update(restored, 3);
        Assert.That(Floats(restored.State.Actor.cpu()), Is.EqualTo(Floats(learner.State.Actor.cpu())));
    }

    [Test]
    public void Steps_of_the_ensemble_agree()
    {
        using var scope = NewDisposeScope();
        var options = LinearGaussianSystem.SmallOptions();
        (options.MaxOptimizerSteps, options.TargetNormalization) = (30, true);
        using var there = new EnsembleLearner(LinearGaussianSystem.Layout, options, seed: 1, _device);
        using var here = new EnsembleLearner(LinearGaussianSystem.Layout, options, seed: 1);
        var rows = LinearGaussianSystem.Draw(300, 5);
        there.Fit(rows.to(_device), CancellationToken.None);
        here.Fit(rows, CancellationToken.None);
        Assert.That(LargestDifference(there.Ensemble.Network.Flat, here.Ensemble.Network.Flat), Is.LessThan(1e-3));
        Assert.That(there.Report!.HoldoutLosses, Is.EqualTo(here.Report!.HoldoutLosses).Within(1e-3));
    }

    [Test]
    public void Gradients_of_imagined_steps_agree_with_the_fast_path_of_the_CPU()
    {
        using var scope = NewDisposeScope();
        using var there = new EnsembleLearner(LinearGaussianSystem.Layout, LinearGaussianSystem.SmallOptions(), seed: 1, _device);
        using var here = new EnsembleLearner(LinearGaussianSystem.Layout, LinearGaussianSystem.SmallOptions(), seed: 1);
        using var reference = new ReferenceEnsembleStep(there.Ensemble, 70);
        using var fused = new FusedEnsembleStep(here.Ensemble, here.Ensemble.Workers!, 70);
        var (drawn, noise) = here.Ensemble.Draw(70, new Generator(4));
        var (observation, action, gradient) = (rand(70, 2), rand(70, 1), rand(70, 3));
        reference.Forward(observation.to(_device), action.to(_device), drawn, noise);
        reference.Backward(gradient.to(_device));
        fused.Forward(observation, action, drawn, noise);
        fused.Backward(gradient);
        Assert.That(LargestDifference(reference.Outcome, fused.Outcome), Is.LessThan(1e-5));
        Assert.That(LargestDifference(reference.ObservationGradient, fused.ObservationGradient), Is.LessThan(1e-5));
        Assert.That(LargestDifference(reference.ActionGradient, fused.ActionGradient), Is.LessThan(1e-5));
    }

    [Test]
    public void Pools_give_the_same_rows()
    {
        using var scope = NewDisposeScope();
        var layout = new TransitionLayout(2, 1);
        using var there = new ReplayPool(layout, 40, _device, direct: false);
        using var here = new ReplayPool(layout, 40);
        foreach (var pool in new[] { there, here })
        {
            pool.Append(rand(70, layout.Width, generator: new Generator(1)));
            pool.Add([1, 2], [3], 4, [5, 6], terminated: true, truncated: false);
        }
        Assert.That(Floats(there.ToRows().cpu()), Is.EqualTo(Floats(here.ToRows())));
        Assert.That(Floats(there.Sample(100, new Generator(2)).cpu()), Is.EqualTo(Floats(here.Sample(100, new Generator(2)))));
    }

    [Test]
    public void Rollouts_stay_where_their_starts_are()
    {
        using var scope = NewDisposeScope();
        var layout = LinearGaussianSystem.Layout;
        using var ensemble = new EnsembleLearner(layout, LinearGaussianSystem.SmallOptions(), seed: 1, _device);
        ensemble.Fit(LinearGaussianSystem.Draw(200, 5), CancellationToken.None);
        using var policy = new SacLearner(Context(), Settings(2, 1, 16), seed: 7, _device);
        var termination = TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 1.2);
        var generator = new BranchedRolloutGenerator(
            new ImaginedEnvironment(ensemble.Model, termination, RewardFunction.FromRow((_, _, next) => next[0])), rule: null);
        foreach (var place in new[] { _device, CPU })
        {
            var starts = LinearGaussianSystem.Draw(50, 6).narrow(1, 0, 2).to(place);
            var steps = 0;
            generator.Generate(starts, 3, policy, new Generator(4), (rows, _) =>
            {
                steps++;
                Assert.That(rows.device_type, Is.EqualTo(place.type));
            });
            Assert.That(steps, Is.EqualTo(3));
        }
    }

    private static double LargestDifference(Tensor there, Tensor here) => (there.detach().cpu() - here.detach()).abs().max().item<float>();
}
