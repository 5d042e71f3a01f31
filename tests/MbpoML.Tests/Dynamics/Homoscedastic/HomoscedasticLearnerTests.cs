using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Numerics;
using MbpoML.Tests.Dynamics.Ensemble;
using static MbpoML.Tests.Dynamics.Homoscedastic.HomoscedasticSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

public class HomoscedasticLearnerTests
{
    [TestCase(1.0, 1.0)]
    [TestCase(1e-3, 1e4)]
    public void It_recovers_a_linear_gaussian_system(double deltaScale, double rewardScale)
    {
        var layout = LinearGaussianSystem.Layout;
        var options = new HomoscedasticEnsembleTrainer.Options
        {
            MemberCount = 3,
            HiddenSizes = [32, 32],
            FirstOptimizerSteps = 800,
            OptimizerSteps = 250,
            LearningRate = 3e-3
        };
        using var learner = new HomoscedasticLearner(layout, options, 1);
        foreach (var count in (int[])[1500, 2000, 2500])
        {
            using var rows = LinearGaussianSystem.Draw(count, 1, deltaScale, rewardScale);
            learner.Fit(rows, CancellationToken.None);
        }

        using var test = LinearGaussianSystem.Draw(2000, 99, deltaScale, rewardScale);
        using var scope = NewDisposeScope();
        var metrics = learner.Evaluate(test);
        var truth = TargetCodec.Outcomes(layout, test) - nn.functional.pad(layout.Observation(test), [1, 0]);
        var variance = truth.to(float64).var([0L]).data<double>().ToArray();
        double[] trueNoise = [LinearGaussianSystem.RewardNoise * rewardScale, LinearGaussianSystem.ObservationNoise * deltaScale,
            LinearGaussianSystem.ObservationNoise * deltaScale];
        Assert.Multiple(() =>
        {
            for (var output = 0; output < 3; output++)
            {
                Assert.That(learner.Report!.Noise[output], Is.EqualTo(trueNoise[output]).Within(10).Percent, $"noise of output {output}");
                var reducible = metrics.Mixture.Outputs[output].MeanSquaredError - (trueNoise[output] * trueNoise[output]);
                Assert.That(reducible, Is.LessThan(variance[output] / 30), $"error of output {output}");
                Assert.That(metrics.Mixture.Outputs[output].Coverage50, Is.EqualTo(0.5).Within(0.06), $"calibration of output {output}");
                Assert.That(metrics.Mixture.Outputs[output].Coverage90, Is.EqualTo(0.9).Within(0.04), $"calibration of output {output}");
            }
        });
    }

    [Test]
    public void The_first_fit_and_later_ones_take_their_steps()
    {
        using var learner = new HomoscedasticLearner(Layout, Small(), 1);
        Assert.That(() => learner.Model, Throws.InvalidOperationException.With.Message.Contains("not fitted yet"));
        long[] steps = [.. ((int[])[100, 150, 200]).Select(count => (long)Fit(learner, count)["model/optimizer-steps"])];
        Assert.That(steps, Is.EqualTo(new[] { 60L, 30, 30 }));
        Assert.That((learner.State.Weights.StepCount, learner.State.Noise.StepCount), Is.EqualTo((30L, 30L)), "each fit begins anew");
    }

    [TestCase(null, new long[] { 60, 30, 30, 30 })]
    [TestCase(45, new long[] { 60, 45, 45, 30 })]
    public void Early_fits_may_take_other_steps_until_there_are_enough_rows(int? early, long[] steps)
    {
        var options = Small();
        (options.EarlyOptimizerSteps, options.EarlyRows) = (early, 200);
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        Assert.That(((int[])[100, 150, 200, 201]).Select(count => (long)Fit(learner, count)["model/optimizer-steps"]), Is.EqualTo(steps));
    }

    [Test]
    public void Moments_go_on_from_fit_to_fit_or_begin_anew()
    {
        HomoscedasticLearner Fitted(bool keeps)
        {
            var options = Small();
            options.KeepOptimizerState = keeps;
            var learner = new HomoscedasticLearner(Layout, options, 1);
            Fit(learner, 100);
            Fit(learner, 150);
            return learner;
        }

        using var keeping = Fitted(true);
        using var forgetting = Fitted(false);
        Assert.That((keeping.State.Weights.StepCount, forgetting.State.Weights.StepCount), Is.EqualTo((90L, 30L)));
        Assert.That(Parameters(keeping), Is.Not.EqualTo(Parameters(forgetting)));
    }

    [Test]
    public void The_learning_rate_falls_in_a_straight_line()
    {
        var options = new HomoscedasticEnsembleTrainer.Options();
        Assert.That(((int[])[0, 125, 250]).Select(step => options.RateFactor(step, 250)), Is.EqualTo(new[] { 1, 0.65, 0.3 }).Within(1e-12));
    }

    [Test]
    public void Layers_have_the_published_normalisations_dropouts_and_decays()
    {
        var options = new HomoscedasticEnsembleTrainer.Options();
        var shape = options.ToShape(14, 12);
        Assert.That(shape.Hidden.Select(layer => layer.NormEpsilon!.Value), Is.EqualTo(new[] { 1, 0.1, 0.01 }).Within(1e-12));
        Assert.That(shape.Hidden.Select(layer => layer.Dropout), Is.EqualTo(new[] { 0.0075, 0.005, 0.0025 }).Within(1e-12));
        Assert.That(Enumerable.Range(0, 4).Select(options.DecayOf), Is.EqualTo(new[] { 2.5e-4, 5e-4, 7.5e-4, 1e-3 }).Within(1e-12));
    }

    [Test]
    public void Fresh_weights_have_the_published_sizes()
    {
        using var scope = NewDisposeScope();
        using var learner = new HomoscedasticLearner(Layout, new HomoscedasticEnsembleTrainer.Options { MemberCount = 4, HiddenSizes = [256, 256] }, 1);
        var (network, shape) = (learner.Ensemble.Network, learner.Ensemble.Network.Shape);
        double Deviation(int offset, int count) => network.Flat.narrow(1, offset, count).to(float64).std().item<double>();
        Assert.That(Deviation(shape.WeightOffset(1), 256 * 256), Is.EqualTo(Math.Sqrt(2.0 / 256)).Within(1).Percent);
        Assert.That(Deviation(shape.BiasOffset(1), 256), Is.EqualTo(1.0 / 32).Within(10).Percent);
        Assert.That(Floats(network.LogNoise), Is.All.Zero);
    }

    [Test]
    public void Metrics_are_those_of_the_report_and_of_the_rows()
    {
        var options = Small();
        options.HoldoutRatio = 0.25;
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        var metrics = Fit(learner, 400);
        using var scope = NewDisposeScope();
        using var rows = Rows(Layout, 400, 1);
        var heldOut = rows.index_select(0, tensor(learner.Prepare(rows).HeldOut, int64));
        var (mean, deviation) = learner.Ensemble.PredictMembers(Layout.Observation(heldOut), Layout.Action(heldOut));
        var error = mean - TargetCodec.Outcomes(Layout, heldOut);
        Assert.Multiple(() =>
        {
            Assert.That(metrics["model/holdout-rows"], Is.EqualTo(heldOut.size(0)));
            Assert.That(metrics["model/training-rows"] + metrics["model/holdout-rows"], Is.EqualTo(400));
            Assert.That(metrics["model/holdout-mse"], Is.EqualTo(error.square().mean().item<float>()).Within(1e-2).Percent);
            Assert.That(metrics["model/holdout-loss"],
                Is.EqualTo((error / learner.Ensemble.Codec.Scale!.Deviation).square().mean().item<float>()).Within(1e-2).Percent);
            Assert.That(metrics["model/noise"], Is.EqualTo((deviation / learner.Ensemble.Codec.Scale.Deviation).mean().item<float>()).Within(1e-2).Percent);
            Assert.That(metrics["model/kept-step"], Is.EqualTo(60));
            Assert.That(metrics.Keys, Is.SupersetOf(new[] { "model/holdout-nll", "model/holdout-coverage-90", "model/train-loss" }));
            Assert.That(metrics.Values, Is.All.Matches<double>(double.IsFinite));
        });
    }

    [TestCase(Acceleration.Auto, 1)]
    [TestCase(Acceleration.Auto, 2)]
    [TestCase(Acceleration.Reference, 1)]
    public void A_fit_that_is_cancelled_stops_and_another_one_works(Acceleration acceleration, int workers)
    {
        using var learner = new HomoscedasticLearner(Layout, Small(acceleration: acceleration, workers: workers), 1);
        using var rows = Rows(Layout, 100, 1);
        Assert.That(() => learner.Fit(rows, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(learner.Fit(rows, CancellationToken.None)["model/optimizer-steps"], Is.EqualTo(60), "the first fit is still to come");
    }

    [TestCase(Acceleration.Auto)]
    [TestCase(Acceleration.Reference)]
    public void A_fit_that_diverges_says_what_the_settings_show(Acceleration acceleration)
    {
        var options = Small(acceleration: acceleration);
        options.LearningRate = 1e30;
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        Assert.That(() => Fit(learner, 100),
            Throws.TypeOf<LearningException>().With.Message.Contains("diverged after 50 optimizer steps").And.Message.Contains("LearningRate is 1e+30"));
    }

    [Test]
    public void An_outlier_is_named_where_a_fit_diverges()
    {
        var options = Small();
        options.NoiseLearningRate = 1e30;
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        using var rows = Rows(Layout, 4000, 1);
        rows[17, Layout.RewardOffset].fill_(1e8f);
        Assert.That(() => learner.Fit(rows, CancellationToken.None),
            Throws.TypeOf<LearningException>().With.Message.Contains("value of the reward").And.Message.Contains("NoiseLearningRate"));
    }

    [Test]
    public void Rows_that_cannot_be_learned_are_refused()
    {
        using var scope = NewDisposeScope();
        using var learner = new HomoscedasticLearner(Layout, Small(), 1);
        var wrong = Rows(Layout, 10, 1);
        wrong[3, 2].fill_(float.NaN);
        Assert.Multiple(() =>
        {
            Assert.That(() => learner.Fit(zeros(10, 4), CancellationToken.None), Throws.ArgumentException.With.Message.Contains("[rows, 11]"));
            Assert.That(() => learner.Fit(zeros(0, 11), CancellationToken.None), Throws.ArgumentException.With.Message.Contains("no transitions"));
            Assert.That(() => learner.Fit(wrong, CancellationToken.None), Throws.ArgumentException.With.Message.Contains("rows[3, 2] is NaN"));
        });
    }

    [Test]
    public void Fits_leave_no_tensor_behind()
    {
        using var learner = new HomoscedasticLearner(Layout, Small(), 1);
        Fit(learner, 100);
        var before = LiveTensors.Settled();
        Fit(learner, 150);
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [TestCase(Acceleration.Auto)]
    [TestCase(Acceleration.Reference)]
    public void New_scales_leave_what_was_learned_as_it_was_where_that_is_asked_for(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        var options = Small(acceleration: acceleration);
        options.KeepsFunctions = true;
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        Fit(learner, 100);
        using var rows = Rows(Layout, 50, 3);
        var (observation, action) = (Layout.Observation(rows), Layout.Action(rows));
        var (mean, deviation) = learner.Ensemble.PredictMembers(observation, action);
        var moved = Rows(Layout, 300, 4);
        moved.narrow(1, 0, Layout.ObservationSize).mul_(2).add_(1);
        var scale = learner.Ensemble.Codec.Scale!.Deviation.clone();
        learner.Prepare(moved);
        var (newMean, newDeviation) = learner.Ensemble.PredictMembers(observation, action);
        Assert.That((learner.Ensemble.Codec.Scale!.Deviation - scale).abs().max().item<float>(), Is.GreaterThan(0.1), "the scales are new");
        Assert.That((newMean - mean).abs().max().item<float>(), Is.LessThan(1e-4));
        Assert.That((newDeviation - deviation).abs().max().item<float>(), Is.LessThan(1e-5));
    }

    [TestCase(0, true)]
    [TestCase(0.2, false)]
    [TestCase(0.01, true)]
    public void Scales_are_taken_anew_beyond_their_tolerance(double tolerance, bool changes)
    {
        using var scope = NewDisposeScope();
        var options = Small();
        options.ScaleTolerance = tolerance;
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        Fit(learner, 100);
        var (weights, inputs) = (learner.Ensemble.Network.Flat.clone(), learner.Ensemble.InputScale.Deviation.clone());
        var rows = Rows(Layout, 400, 1).narrow(0, 0, 100).clone();
        rows.narrow(1, 0, Layout.ObservationSize).mul_(1.05);
        learner.Prepare(rows);
        Assert.That(learner.Ensemble.InputScale.Deviation.equal(inputs).all().item<bool>(), Is.EqualTo(!changes));
        Assert.That(learner.Ensemble.Network.Flat.equal(weights).all().item<bool>(), "the weights are those that were learned");
    }
}
