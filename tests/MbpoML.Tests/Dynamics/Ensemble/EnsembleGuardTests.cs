using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Metrics;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

/// <summary>Fits that go wrong, and healthy ones that look nearly as bad.</summary>
[Category("Text")]
public class EnsembleGuardTests
{
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];

    [TestCaseSource(nameof(Both))]
    public void A_weight_that_is_not_finite_is_found_after_an_epoch(Acceleration acceleration)
    {
        using var learner = Learner(options => options.Acceleration = acceleration);
        learner.Ensemble.Network.Values.Weights[0].view(-1).narrow(0, 3, 1).fill_(float.NaN);
        var fault = Fail(learner);
        Assert.That((fault.Quantity, fault.Value), Is.EqualTo((DynamicsMetricNames.TrainLoss, double.NaN)));
        Assert.That(fault.Message,
            Does.Contain("training loss of epoch 0 is NaN").And.Contain("look ordinary").And.Contain("GradientClipping").And.Not.Contain("Likely causes"));
    }

    [TestCaseSource(nameof(Both))]
    public void Targets_too_large_for_float32_are_found(Acceleration acceleration)
    {
        using var learner = Learner(options => options.Acceleration = acceleration);
        var fault = Fail(learner, deltaScale: 1e25);
        Assert.That(fault.Quantity, Does.StartWith("model/"));
        Assert.That(fault.Message, Does.Contain("the change of observation").And.Contain("TargetNormalization"));
    }

    [Test]
    public void A_high_learning_rate_is_named_where_it_was_set()
    {
        using var learner = Learner(options => options.LearningRate = 0.5);
        learner.Ensemble.Network.Values.Weights[0].view(-1).narrow(0, 3, 1).fill_(float.NaN);
        Assert.That(Fail(learner).Message, Does.Contain("the LearningRate is 0.5").And.Not.Contain("TargetNormalization"));
    }

    [Test]
    public void A_single_faulty_transition_is_named()
    {
        using var learner = Learner(_ => { });
        learner.Ensemble.Network.Values.Weights[0].view(-1).narrow(0, 3, 1).fill_(float.NaN);
        using var rows = LinearGaussianSystem.Draw(5000, 1, 1);
        // The reward.
        rows.select(1, 3).narrow(0, 77, 1).fill_(1e6f);
        var fault = Assert.Throws<LearningException>(() => learner.Fit(rows, CancellationToken.None))!;
        Assert.That(fault.Message, Does.Contain("one transition has a value of the reward"));
    }

    [TestCase(float.NaN)]
    [TestCase(float.NegativeInfinity)]
    public void Weights_that_are_not_finite_after_a_fit_are_found(float value)
    {
        using var weights = tensor([1, value, 3f]);
        Assert.That(() => EnsembleGuard.CheckWeights(weights, 7, Ordinary),
            Throws.TypeOf<LearningException>().With.Message.Contains("after 7 optimizer steps"));
    }

    [Test]
    public void Variances_far_below_the_noise_are_found()
    {
        // One member: several that disagree know at least that much.
        using var learner = Learner(options => (options.MinLogVariance, options.MaxLogVariance, options.MemberCount, options.EliteCount) = (-30, -30, 1, 1));
        var fault = Fail(learner);
        Assert.That(fault.Quantity, Is.EqualTo(DynamicsMetricNames.HoldoutCoverage90));
        Assert.That(fault.Value, Is.LessThan(0.01));
        Assert.That(fault.Message,
            Does.Contain("variance collapsed").And.Contain("MinLogVariance").And.Contain("raise both").And.Not.Contain("TargetNormalization"));
    }

    [TestCase(1, 0.0, 1.0, Description = "Too few holdout rows to say anything, and variances at their bound.")]
    [TestCase(2000, 0.0, 1.0, Description = "No noise: variances go to their bound, and so do the errors.")]
    [TestCase(2000, 1.0, 1000.0, Description = "Targets much larger than the variances can become: hardly a value inside, but not at the lower bound.")]
    public void A_fit_that_is_only_hard_or_easy_is_no_fault(int rows, double noise, double scale)
    {
        using var learner = Learner(options => options.MaxEpochs = 15);
        using var data = Deterministic(rows + 1, noise, scale);
        Assert.That(() => learner.Fit(data, CancellationToken.None), Throws.Nothing);
    }

    private static EnsembleDiagnosis Ordinary() => new(LinearGaussianSystem.SmallOptions(), ones(4, 3), zeros(4, 3));

    private static EnsembleLearner Learner(Action<ProbabilisticEnsembleTrainer.Options> change)
    {
        var options = LinearGaussianSystem.SmallOptions();
        options.MaxEpochs = 5;
        change(options);
        return new EnsembleLearner(LinearGaussianSystem.Layout, options, 1);
    }

    private static LearningException Fail(EnsembleLearner learner, double deltaScale = 1)
    {
        using var rows = LinearGaussianSystem.Draw(2000, 1, deltaScale);
        return Assert.Throws<LearningException>(() => learner.Fit(rows, CancellationToken.None))!;
    }

    // A linear system without the noise that the other tests need.
    private static Tensor Deterministic(int rows, double noise, double scale)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var (observation, action) = (randn(rows, 2, generator: generator), randn(rows, 1, generator: generator));
        var delta = scale * (observation.tanh() + action + (noise * randn(rows, 2, generator: generator)));
        return cat([observation, action, scale * action, observation + delta, zeros(rows, 2)], 1).MoveToOuterDisposeScope();
    }
}
