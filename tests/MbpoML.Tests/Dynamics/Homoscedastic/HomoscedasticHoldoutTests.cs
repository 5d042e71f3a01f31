using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Saving;
using static MbpoML.Tests.Dynamics.Homoscedastic.HomoscedasticSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

public class HomoscedasticHoldoutTests
{
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
}
