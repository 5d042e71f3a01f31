using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Numerics;
using MbpoML.Saving;
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
        var options = new HomoscedasticEnsembleTrainer.Options { MemberCount = 3, HiddenSizes = [32, 32], FirstOptimizerSteps = 800, OptimizerSteps = 250,
            LearningRate = 3e-3 };
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

    [TestCase(Acceleration.Auto)]
    [TestCase(Acceleration.Reference)]
    public void Equal_seeds_give_equal_models_bit_for_bit_and_others_do_not(Acceleration acceleration)
    {
        float[] Fitted(int seed)
        {
            using var learner = new HomoscedasticLearner(Layout, Small(acceleration: acceleration), seed);
            Fit(learner, 100);
            Fit(learner, 200);
            return Parameters(learner);
        }

        var (first, again, other) = (Fitted(1), Fitted(1), Fitted(2));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [TestCase(true, 1, null)]
    [TestCase(false, 2, null)]
    [TestCase(true, 1, 1)]
    public void A_series_of_fits_goes_on_from_a_saved_state_bit_for_bit(bool keeps, int workers, int? patience)
    {
        HomoscedasticLearner Learner(int seed)
        {
            var options = Small(3, workers: workers);
            (options.KeepOptimizerState, options.HoldoutRatio, options.Patience, options.HoldoutInterval) = (keeps, 0.2, patience, 10);
            return new HomoscedasticLearner(Layout, options, seed);
        }

        using var whole = Learner(1);
        Fit(whole, 100);
        Fit(whole, 150);
        using var state = StateMemory.Of(whole);
        // Another seed: everything that counts comes from the state, also who is held out.
        using var resumed = Learner(2);
        state.RestoreTo(resumed);
        foreach (var count in (int[])[200, 260])
            Assert.That(Fit(resumed, count), Is.EqualTo(Fit(whole, count)));
        Assert.That(Parameters(resumed), Is.EqualTo(Parameters(whole)));
        Assert.That(Moments(resumed), Is.EqualTo(Moments(whole)));
    }

    [Test]
    public void A_state_before_the_first_fit_is_one_too()
    {
        using var whole = new HomoscedasticLearner(Layout, Small(), 1);
        using var state = StateMemory.Of(whole);
        using var resumed = new HomoscedasticLearner(Layout, Small(), 2);
        state.RestoreTo(resumed);
        Assert.That(() => resumed.Model, Throws.InvalidOperationException);
        Assert.That(Fit(resumed, 100), Is.EqualTo(Fit(whole, 100)));
    }

    [TestCase("weights", "missing")]
    [TestCase("noise/second-moment", "missing")]
    [TestCase("fits", "negative")]
    [TestCase("row-seed", "negative")]
    [TestCase("weights/step-count", "negative")]
    [TestCase("random-state", "zeros")]
    [TestCase("random-state", "short")]
    [TestCase("target-scale/mean", "short")]
    public void A_damaged_state_is_refused_and_changes_nothing(string name, string how)
    {
        using var learner = new HomoscedasticLearner(Layout, Small(), 1);
        Fit(learner, 100);
        using var state = StateMemory.Of(learner);
        using var other = new HomoscedasticLearner(Layout, Small(), 2);
        Fit(other, 120);
        var before = Parameters(other);
        state.Replace(name, how switch
        {
            "missing" => null,
            "negative" => tensor([-1L]),
            "zeros" => zeros(16, int64),
            _ => state.Tensor(name).view(-1).narrow(0, 0, 2).clone(),
        });
        Assert.That(() => state.RestoreTo(other), Throws.TypeOf<CheckpointException>().With.Message.Contains(name));
        Assert.That(Parameters(other), Is.EqualTo(before));
    }

    [Test]
    public void Who_is_held_out_and_what_rows_weigh_stay_as_data_grow_and_move()
    {
        using var scope = NewDisposeScope();
        var options = Small();
        options.HoldoutRatio = 0.2;
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        using var rows = Rows(Layout, 4000, 1);
        var (few, many) = (learner.Prepare(rows.narrow(0, 0, 1000)), learner.Prepare(rows));
        // The oldest leave, and the order is another one.
        var moved = learner.Prepare(rows.narrow(0, 500, 1000).flip([0L]));
        Assert.Multiple(() =>
        {
            Assert.That(many.Hashes[..1000], Is.EqualTo(few.Hashes));
            Assert.That(many.HeldOut.TakeWhile(row => row < 1000), Is.EqualTo(few.HeldOut));
            Assert.That(moved.HeldOut.Select(row => 1499 - row).Order(), Is.EqualTo(many.HeldOut.Where(row => row is >= 500 and < 1500)));
            Assert.That(many.Training.Concat(many.HeldOut).Order(), Is.EqualTo(Enumerable.Range(0, 4000)), "each row is one or the other");
            Assert.That(many.HeldOut, Has.Length.EqualTo(800).Within(130));
        });
        // Exponential of mean 1, for each member on its own: mean, variance, and no correlation.
        double[] Weights(int member) => [.. many.Hashes.Select(hash => (double)TransitionHash.Weight(hash, member))];
        var (first, second) = (Weights(0), Weights(1));
        Assert.Multiple(() =>
        {
            Assert.That(first.Average(), Is.EqualTo(1).Within(0.08));
            Assert.That(first.Average(weight => weight * weight), Is.EqualTo(2).Within(0.4));
            Assert.That(first.Zip(second, (a, b) => (a - 1) * (b - 1)).Average(), Is.EqualTo(0).Within(0.08));
            Assert.That(first.Count(weight => weight > 1) / 4000.0, Is.EqualTo(Math.Exp(-1)).Within(0.04));
        });
    }

    [Test]
    public void Who_is_held_out_says_nothing_about_weights()
    {
        using var rows = Rows(Layout, 4000, 1);
        var hashes = TransitionHash.Of(rows.data<float>().ToArray(), Layout.Width, 1);
        var heldOut = hashes.Where(hash => TransitionHash.IsHeldOut(hash, 0.2)).Average(hash => TransitionHash.Weight(hash, 0));
        Assert.That(heldOut, Is.EqualTo(1).Within(0.18));
        Assert.That(TransitionHash.Of(rows.data<float>().ToArray(), Layout.Width, 2).Intersect(hashes), Is.Empty, "another seed, other words");
    }

    [Test]
    public void Early_stopping_goes_back_to_the_weights_of_least_held_out_error()
    {
        HomoscedasticLearner Fitted(int? patience)
        {
            // Few rows, large networks and large steps: the held-out error rises soon.
            var options = Small(2, [64, 64]);
            (options.HoldoutRatio, options.LearningRate, options.Dropout, options.FirstOptimizerSteps) = (0.4, 1e-2, 0, 1500);
            (options.Patience, options.HoldoutInterval) = (patience, 10);
            var learner = new HomoscedasticLearner(Layout, options, 1);
            Fit(learner, 60);
            return learner;
        }

        using var all = Fitted(null);
        using var stopped = Fitted(5);
        var report = stopped.Report!;
        Assert.Multiple(() =>
        {
            Assert.That(all.Report!.KeptStep, Is.EqualTo(1500));
            Assert.That(report.OptimizerSteps, Is.LessThan(1500).And.EqualTo(report.KeptStep + 50), "five measurements later");
            Assert.That(report.HoldoutLoss, Is.LessThan(all.Report.HoldoutLoss!.Value));
        });
        // The error that is reported is that of the weights that were put back.
        using var scope = NewDisposeScope();
        using var rows = Rows(Layout, 400, 1);
        var data = stopped.Prepare(rows.narrow(0, 0, 60));
        var numbers = tensor(data.HeldOut, int64);
        var error = stopped.Ensemble.MeanSquaredError(data.Inputs.index_select(0, numbers), data.Targets.index_select(0, numbers));
        Assert.That(error, Is.EqualTo(report.HoldoutLoss).Within(1e-3).Percent);
    }

    [Test]
    public void A_refit_that_only_does_harm_is_taken_back()
    {
        var options = Small(2);
        (options.HoldoutRatio, options.Patience, options.HoldoutInterval, options.FirstOptimizerSteps) = (0.3, 2, 10, 800);
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        Fit(learner, 400);
        var before = Parameters(learner);
        // From now on steps are far too large. The rows are the same, so that the scales stay.
        options.LearningRate = 0.5;
        using var harmful = new HomoscedasticLearner(Layout, options, 1);
        using var state = StateMemory.Of(learner);
        state.RestoreTo(harmful);
        Fit(harmful, 400);
        Assert.That((harmful.Report!.KeptStep, harmful.Report.OptimizerSteps), Is.EqualTo((0L, 20L)));
        Assert.That(Parameters(harmful), Is.EqualTo(before));
    }

    [Test]
    public void New_rows_are_measured_before_they_are_learned()
    {
        using var learner = new HomoscedasticLearner(Layout, Small(), 1);
        Assert.That(Fit(learner, 200), Does.Not.ContainKey("model/new-rows-loss"));
        using var rows = Rows(Layout, 260, 1);
        using var scope = NewDisposeScope();
        var newest = rows.narrow(0, 200, 60);
        var (mean, _) = learner.Ensemble.PredictMembers(Layout.Observation(newest), Layout.Action(newest));
        var error = (mean - TargetCodec.Outcomes(Layout, newest)) / learner.Ensemble.Codec.Scale!.Deviation;
        var expected = error.square().mean().item<float>();
        Assert.That(learner.Fit(rows, CancellationToken.None)["model/new-rows-loss"], Is.EqualTo(expected).Within(1e-2).Percent);
        Assert.That(learner.Fit(rows, CancellationToken.None), Does.Not.ContainKey("model/new-rows-loss"), "none are new");
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

    [TestCase(1)]
    [TestCase(2)]
    public void Very_few_rows_are_learned_without_holding_any_out(int count)
    {
        var options = Small();
        options.HoldoutRatio = 0;
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        var metrics = Fit(learner, count);
        Assert.That(metrics["model/training-rows"], Is.EqualTo(count));
        Assert.That(metrics, Does.Not.ContainKey("model/holdout-loss"));
    }

    [Test]
    public void A_fit_that_would_hold_out_every_row_holds_out_none()
    {
        using var scope = NewDisposeScope();
        var options = Small();
        options.HoldoutRatio = 0.9;
        using var learner = new HomoscedasticLearner(Layout, options, 1);
        using var rows = Rows(Layout, 100, 1);
        var heldOut = rows.narrow(0, learner.Prepare(rows).HeldOut[0], 1);
        Assert.That(learner.Fit(heldOut, CancellationToken.None)["model/training-rows"], Is.EqualTo(1));
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
        var before = Tensor.TotalCount;
        Fit(learner, 150);
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    private static IReadOnlyDictionary<string, double> Fit(HomoscedasticLearner learner, int count)
    {
        using var rows = Rows(Layout, 400, 1);
        using var first = rows.narrow(0, 0, count);
        return learner.Fit(first, CancellationToken.None);
    }

    private static float[] Moments(HomoscedasticLearner learner) =>
        [.. Floats(learner.State.Weights.FirstMoment), .. Floats(learner.State.Weights.SecondMoment), .. Floats(learner.State.Noise.FirstMoment),
            .. Floats(learner.State.Noise.SecondMoment)];
}
