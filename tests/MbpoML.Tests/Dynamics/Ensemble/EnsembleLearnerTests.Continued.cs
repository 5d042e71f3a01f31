using MbpoML.Dynamics.Ensemble;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

/// <content>How a learner goes on: from fit to fit, and from a saved state.</content>
public partial class EnsembleLearnerTests
{
    [Test]
    public void Each_member_gets_its_own_best_weights_back()
    {
        // No loss falls by 99.9 %, so the first epoch stays the best and thirty epochs must give what one gives.
        var options = Quick();
        (options.LearningRate, options.MaxEpochs, options.Patience, options.ImprovementThreshold) = (1e-3, 30, 1000, 0.999);
        using var learner = Fitted(options, 200);
        Assert.That(learner.Report!.BestEpochs, Is.All.Zero);

        options.MaxEpochs = 1;
        using var stoppedAtOnce = Fitted(options, 200);
        Assert.That(learner.Report.HoldoutLosses, Is.EqualTo(stoppedAtOnce.Report!.HoldoutLosses));
        // The shared bounds are not restored: thirty epochs moved them further than one.
        Assert.That(
            learner.Ensemble.Network.Values.MaxLogVariance.data<float>().ToArray(),
            Is.Not.EqualTo(stoppedAtOnce.Ensemble.Network.Values.MaxLogVariance.data<float>().ToArray()));
    }

    [Test]
    public void A_second_fit_goes_on_from_weights_and_moments()
    {
        using var learner = Fitted(Quick(), 200);
        var (steps, weights) = (learner.Optimizer.StepCount, Parameters(learner));
        Assert.That(steps, Is.EqualTo(learner.Report!.OptimizerSteps));

        // Two rows leave one to train on: five epochs are five steps, of which Adam makes none longer than some learning rates.
        using var rows = LinearGaussianSystem.Draw(2, 1);
        learner.Fit(rows, CancellationToken.None);
        Assert.That(learner.Optimizer.StepCount, Is.EqualTo(steps + 5));
        var change = Parameters(learner).Zip(weights, (after, before) => Math.Abs(after - before)).Max();
        Assert.That(change, Is.GreaterThan(0).And.LessThan(0.05));
    }

    [Test]
    public void Without_the_last_weights_a_second_fit_starts_afresh()
    {
        var options = Quick();
        options.StartFromLastWeights = false;
        using var learner = Fitted(options, 200);
        var weights = Parameters(learner);
        using var rows = LinearGaussianSystem.Draw(2, 1);
        learner.Fit(rows, CancellationToken.None);
        Assert.That(learner.Optimizer.StepCount, Is.EqualTo(learner.Report!.OptimizerSteps), "the moments are new");
        var change = Parameters(learner).Zip(weights, (after, before) => Math.Abs(after - before)).Max();
        Assert.That(change, Is.GreaterThan(0.1), "so are the weights");
    }

    [Test]
    public void A_learner_goes_on_from_a_saved_state_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        var options = Quick();
        options.TargetNormalization = true;
        using var original = Fitted(options, 200);
        using var resumed = new EnsembleLearner(Layout, options, seed: 77);
        using (var state = StateMemory.Of(original)) state.RestoreTo(resumed);
        Assert.That(resumed.Model, Is.Not.Null);
        using var rows = LinearGaussianSystem.Draw(250, 3);
        original.Fit(rows, CancellationToken.None);
        resumed.Fit(rows, CancellationToken.None);
        Assert.That(Parameters(resumed), Is.EqualTo(Parameters(original)));
        Assert.That(resumed.Ensemble.Elites, Is.EqualTo(original.Ensemble.Elites));
        Assert.That(resumed.Ensemble.InputScale.Mean.data<float>().ToArray(), Is.EqualTo(original.Ensemble.InputScale.Mean.data<float>().ToArray()));
    }

    [Test]
    public void A_saved_state_of_other_networks_is_refused()
    {
        using var scope = NewDisposeScope();
        var options = Quick();
        using var learner = new EnsembleLearner(Layout, options, 1);
        options.HiddenSizes = [8];
        using var other = new EnsembleLearner(Layout, options, 1);
        using var state = StateMemory.Of(learner);
        Assert.That(() => state.RestoreTo(other), Throws.TypeOf<CheckpointException>().With.Message.Contains("'parameters'"));
        Assert.That(() => other.Restore(new StateMemory()), Throws.TypeOf<CheckpointException>().With.Message.Contains("has no 'elites'"));
    }
}
