using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

public partial class EnsembleLearnerTests
{
    private static readonly TransitionLayout Layout = LinearGaussianSystem.Layout;

    [Test]
    public void It_recovers_a_linear_gaussian_system()
    {
        var options = LinearGaussianSystem.SmallOptions();
        // The errors stop falling before the variances have settled, so every small improvement is to count here.
        (options.MaxEpochs, options.ImprovementThreshold, options.Patience) = (50, 0, 20);
        (options.MemberCount, options.HiddenSizes, options.LearningRate) = (2, [32], 1e-2);
        using var learner = Fitted(options, 2000);
        using var test = LinearGaussianSystem.Draw(2000, 99);
        using var scope = NewDisposeScope();
        var metrics = DynamicsEvaluator.Evaluate(learner.Ensemble, test);
        var (mean, deviation) = learner.Ensemble.Predict(Layout.Observation(test), Layout.Action(test));
        var truth = TargetCodec.Outcomes(Layout, test);
        var noise = deviation.mean([0L]).data<float>().ToArray().Select(value => (double)value).ToArray();
        double[] trueNoise = [LinearGaussianSystem.RewardNoise, LinearGaussianSystem.ObservationNoise, LinearGaussianSystem.ObservationNoise];
        var variance = (truth - truth.mean([0L])).square().mean([0L]).data<float>().ToArray();
        Assert.Multiple(() =>
        {
            for (var output = 0; output < 3; output++)
            {
                Assert.That(noise[output], Is.EqualTo(trueNoise[output]).Within(15).Percent, $"noise of output {output}");
                var reducible = metrics.Mixture.Outputs[output].MeanSquaredError - (trueNoise[output] * trueNoise[output]);
                Assert.That(reducible, Is.LessThan(variance[output] / 20), $"error of output {output}");
                Assert.That(metrics.Mixture.Outputs[output].Coverage50, Is.EqualTo(0.5).Within(0.06), $"calibration of output {output}");
                Assert.That(metrics.Mixture.Outputs[output].Coverage90, Is.EqualTo(0.9).Within(0.04), $"calibration of output {output}");
                Assert.That(metrics.Mixture.Outputs[output].Coverage95, Is.EqualTo(0.95).Within(0.03), $"calibration of output {output}");
            }
        });
    }

    // As PETS fits: so many epochs over everything, and the weights of the last one.
    [Test]
    public void Without_a_holdout_all_rows_are_learned_from_until_the_last_epoch()
    {
        var options = Quick();
        (options.HoldoutRatio, options.MaxEpochs, options.Patience, options.BatchSize) = (0, 12, 0, 50);
        using var learner = Fitted(options, 200);
        Assert.Multiple(() =>
        {
            var report = learner.Report!;
            Assert.That((report.Epochs, report.OptimizerSteps), Is.EqualTo((12, 12 * 4L)), "no epoch is left out for want of patience");
            Assert.That((report.TrainingRows, report.HoldoutRows), Is.EqualTo((200L, 0L)));
            Assert.That(report.BestEpochs, Has.All.EqualTo(-1), "no earlier weights are restored");
            Assert.That(report.Holdout.RowCount, Is.EqualTo(200), "measured on what was learned from");
            Assert.That(report.Elites, Is.EqualTo(report.Elites.OrderBy(member => report.HoldoutLosses[member])).And.Count.EqualTo(options.EliteCount));
        });
    }

    [Test]
    public void Equal_seeds_give_equal_models_bit_for_bit()
    {
        using var first = Fitted(Quick(), 200);
        using var second = Fitted(Quick(), 200);
        Assert.That(Parameters(second), Is.EqualTo(Parameters(first)));
        Assert.That(second.Report!.HoldoutLosses, Is.EqualTo(first.Report!.HoldoutLosses));
    }

    [Test]
    public void The_input_scale_comes_from_the_training_rows_alone()
    {
        using var scope = NewDisposeScope();
        // Every row has another first observation, so the mean tells which rows were used.
        var rows = LinearGaussianSystem.Draw(10, 1);
        rows.narrow(1, 0, 1).copy_(pow(2f, arange(10, float32)).unsqueeze(1));
        using var learner = Fitted(Quick(), rows);
        var sum = (long)Math.Round(learner.Ensemble.InputScale.Mean[0, 0].item<float>() * 8);
        Assert.That(learner.Report!.HoldoutRows, Is.EqualTo(2));
        Assert.That(long.PopCount(sum), Is.EqualTo(8), "the sum of the first column names eight rows, two are held out");
    }

    [Test]
    public void A_constant_input_is_only_centred()
    {
        using var scope = NewDisposeScope();
        var rows = LinearGaussianSystem.Draw(50, 1);
        rows.narrow(1, 1, 1).fill_(0.1);
        using var learner = Fitted(Quick(), rows);
        Assert.That(learner.Ensemble.InputScale.Deviation[0, 1].item<float>(), Is.EqualTo(1f));
        Assert.That(learner.Ensemble.InputScale.Deviation[0, 0].item<float>(), Is.GreaterThan(0.3f).And.LessThan(1f));
    }

    [TestCase(2, 1)]
    [TestCase(3, 1)]
    [TestCase(100, 20)]
    [TestCase(400, 30)]
    public void The_holdout_is_a_fifth_up_to_its_cap_and_at_least_one_row(int count, int expected)
    {
        var options = Quick();
        options.MaxHoldoutRows = 30;
        using var learner = Fitted(options, count);
        Assert.That(learner.Report!.HoldoutRows, Is.EqualTo(expected));
        Assert.That(learner.Report.TrainingRows, Is.EqualTo(count - expected));
    }

    [Test]
    public void A_single_row_is_refused()
    {
        using var learner = new EnsembleLearner(Layout, Quick(), 1);
        using var rows = LinearGaussianSystem.Draw(1, 1);
        Assert.That(() => learner.Fit(rows, CancellationToken.None), Throws.ArgumentException.With.Message.Contains("at least 2 transitions"));
        Assert.That(() => learner.Model, Throws.InvalidOperationException);
    }

    [Test]
    public void Members_stay_different_because_each_keeps_its_bootstrap_sample()
    {
        // From equal weights, full batches and no early stop: what then differs can only come from bootstrap samples that last through the fit.
        var options = Quick();
        (options.BatchSize, options.MaxEpochs, options.Patience) = (10_000, 60, 1000);
        using var learner = new EnsembleLearner(Layout, options, 1);
        var values = learner.Ensemble.Network.Values;
        foreach (var tensor in values.Weights) tensor.copy_(tensor.narrow(0, 0, 1).expand_as(tensor).clone());
        using var rows = LinearGaussianSystem.Draw(30, 1);
        learner.Fit(rows, CancellationToken.None);
        var (means, _) = learner.Ensemble.PredictMembers(Layout.Observation(rows), Layout.Action(rows), [0, 1, 2]);
        Assert.That(means.std([0L], unbiased: false).mean().item<float>(), Is.GreaterThan(0.01f));
    }

    [Test]
    public void The_bounds_of_the_log_variance_are_trained()
    {
        using var learner = Fitted(Quick(), 200);
        Assert.That(learner.Ensemble.Network.Values.MaxLogVariance.data<float>().ToArray(), Has.None.EqualTo(0.5f));
        Assert.That(learner.Ensemble.Network.Values.MinLogVariance.data<float>().ToArray(), Has.None.EqualTo(-10f));
    }

    [Test]
    public void Elites_are_the_members_of_lowest_holdout_error()
    {
        using var learner = Fitted(Quick(), 200);
        var losses = learner.Report!.HoldoutLosses;
        Assert.That(learner.Report.Elites, Is.EqualTo(Enumerable.Range(0, 3).OrderBy(member => losses[member]).Take(2)));
        Assert.That(learner.Ensemble.Elites, Is.EqualTo(learner.Report.Elites));
    }

    [Test]
    public void Steps_and_epochs_are_capped()
    {
        var options = Quick();
        options.MaxOptimizerSteps = 7;
        using var learner = Fitted(options, 200);
        // 160 training rows in batches of 64 are three steps an epoch.
        Assert.That((learner.Report!.OptimizerSteps, learner.Report.Epochs), Is.EqualTo((7L, 3)));

        options.MaxOptimizerSteps = null;
        options.MaxEpochs = 2;
        using var other = Fitted(options, 200);
        Assert.That((other.Report!.OptimizerSteps, other.Report.Epochs), Is.EqualTo((6L, 2)));
    }

    [Test]
    public void It_stops_by_itself_when_nothing_improves()
    {
        var options = Quick();
        options.MaxEpochs = null;
        using var learner = Fitted(options, 100);
        Assert.That(learner.Report!.Epochs, Is.EqualTo(learner.Report.BestEpochs.Max() + 1 + options.Patience + 1));
    }

    [Test]
    public void Cancellation_stops_between_two_steps()
    {
        using var learner = new EnsembleLearner(Layout, Quick(), 1);
        using var rows = LinearGaussianSystem.Draw(100, 1);
        Assert.That(() => learner.Fit(rows, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(learner.Optimizer.StepCount, Is.Zero);
    }

    [Test]
    public void Divergence_is_reported()
    {
        using var learner = new EnsembleLearner(Layout, Quick(), 1);
        using var rows = LinearGaussianSystem.Draw(100, 1, deltaScale: 1e30);
        Assert.That(() => learner.Fit(rows, CancellationToken.None), Throws.TypeOf<LearningException>().With.Message.Contains("TargetNormalization"));
    }

    [TestCase(false, DynamicsTarget.Delta, 0.01, 100, 3.0, double.PositiveInfinity, Description = "The default drowns small changes in large rewards.")]
    [TestCase(true, DynamicsTarget.Delta, 0.01, 100, 0.5, 1.5)]
    [TestCase(true, DynamicsTarget.NextObservation, 1, 1000, 0.5, 1.5)]
    public void Normalised_targets_learn_a_badly_scaled_system_where_the_default_fails(
        bool normalize, DynamicsTarget target, double deltaScale, double rewardScale, double lowest, double highest)
    {
        var options = LinearGaussianSystem.SmallOptions();
        (options.MemberCount, options.HiddenSizes, options.LearningRate) = (2, [32], 1e-2);
        (options.TargetNormalization, options.Target) = (normalize, target);
        using var rows = LinearGaussianSystem.Draw(1000, 1, deltaScale, rewardScale);
        using var learner = Fitted(options, rows);
        using var test = LinearGaussianSystem.Draw(500, 2, deltaScale, rewardScale);
        var error = DynamicsEvaluator.Evaluate(learner.Ensemble, test).Mixture.Outputs[1].MeanSquaredError;
        Assert.That(error / Math.Pow(LinearGaussianSystem.ObservationNoise * deltaScale, 2), Is.InRange(lowest, highest),
            "mean squared error over the variance of the noise");
    }

    [Test]
    public void Fitting_and_sampling_leave_no_tensors_behind()
    {
        var options = Quick();
        options.MaxEpochs = 20;
        using var learner = Fitted(options, 200);
        using var rows = LinearGaussianSystem.Draw(200, 1);
        learner.Fit(rows, CancellationToken.None);
        var before = LiveTensors.Settled();
        for (var fit = 0; fit < 4; fit++) learner.Fit(rows, CancellationToken.None);
        Assert.That(learner.Optimizer.StepCount, Is.GreaterThan(200));
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    private static ProbabilisticEnsembleTrainer.Options Quick()
    {
        var options = LinearGaussianSystem.SmallOptions();
        options.MaxEpochs = 5;
        return options;
    }

    private static EnsembleLearner Fitted(ProbabilisticEnsembleTrainer.Options options, int count)
    {
        using var rows = LinearGaussianSystem.Draw(count, 1);
        return Fitted(options, rows);
    }

    private static EnsembleLearner Fitted(ProbabilisticEnsembleTrainer.Options options, Tensor rows)
    {
        var learner = new EnsembleLearner(Layout, options, 1);
        learner.Fit(rows, CancellationToken.None);
        return learner;
    }

    private static float[] Parameters(EnsembleLearner learner) => learner.Ensemble.Network.Flat.detach().data<float>().ToArray();
}
