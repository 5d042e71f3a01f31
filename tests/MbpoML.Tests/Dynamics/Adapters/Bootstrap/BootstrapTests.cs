using MbpoML.Data;
using MbpoML.Dynamics.Adapters;
using MbpoML.Dynamics.Adapters.Bootstrap;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Tests.Dynamics.Ensemble;
using MbpoML.Tests.Training;
using MbpoML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Adapters.Bootstrap;

/// <summary>An ensemble of ML.NET's regressions on bootstrap samples.</summary>
public class BootstrapTests
{
    private static readonly TransitionLayout Layout = LinearGaussianSystem.Layout;

    [Test]
    public void The_members_are_unsure_where_there_is_no_data()
    {
        using var scope = NewDisposeScope();
        var model = Fit(5).Model;
        Assert.That(model.EliteCount, Is.EqualTo(5));
        float Spread(float distance)
        {
            var (mean, deviation) = model.PredictMembers(full([50, 2], distance), linspace(-1, 1, 50).unsqueeze(1));
            Assert.That(mean.shape, Is.EqualTo(new long[] { 5, 50, 3 }));
            Assert.That(deviation.shape, Is.EqualTo(mean.shape));
            return mean.std(0L).mean().item<float>();
        }

        Assert.That(Spread(10), Is.GreaterThan(5 * Spread(0)));
    }

    [Test]
    public void Their_deviations_are_the_noise()
    {
        using var scope = NewDisposeScope();
        var (_, deviation) = Fit(4, rows: 2000).Model.PredictMembers(zeros(1, 2), zeros(1, 1));
        Assert.That(deviation[0, 0, 0].item<float>(), Is.EqualTo(LinearGaussianSystem.RewardNoise).Within(15).Percent);
        Assert.That(deviation[3, 0, 1].item<float>(), Is.EqualTo(LinearGaussianSystem.ObservationNoise).Within(15).Percent);
    }

    [Test]
    public void A_sample_is_a_member_drawn_for_each_row_and_its_noise()
    {
        using var scope = NewDisposeScope();
        var model = Fit(3).Model;
        var rows = LinearGaussianSystem.Draw(4000, 2);
        var (observation, action) = (full([4000, 2], 5f), zeros(4000, 1));
        using var generator = new Generator(1);
        using var sample = model.Sample(observation, action, generator);
        var (means, deviations) = model.PredictMembers(observation.narrow(0, 0, 1), action.narrow(0, 0, 1));
        var (mixture, spread) = model.Predict(observation.narrow(0, 0, 1), action.narrow(0, 0, 1));
        Assert.That(sample.Reward.mean().item<float>(), Is.EqualTo(mixture[0, 0].item<float>()).Within(5 * spread[0, 0].item<float>() / Math.Sqrt(4000)));
        Assert.That(sample.Reward.std().item<float>(), Is.EqualTo(spread[0, 0].item<float>()).Within(5).Percent);
        // The law of total variance.
        var variance = deviations.square().mean([0L]) + means.var(0L, unbiased: false);
        Assert.That((spread.square() - variance).abs().max().item<float>(), Is.LessThan(1e-5));
    }

    [Test]
    public void The_saved_pipeline_gives_the_mixture()
    {
        using var scope = NewDisposeScope();
        var (fitted, rows) = (Fit(20), LinearGaussianSystem.Draw(100, 3));
        using var table = new TransitionTable(Layout, rows.clone());
        using var file = new MemoryStream();
        var ml = new MLContext();
        ml.Model.Save(fitted, table.ToDataView().Schema, file);
        file.Position = 0;
        var output = ml.Model.Load(file, out _).Transform(table.ToDataView());
        Assert.That(output.Schema.Select(column => column.Name), Has.None.StartsWith("Mbpo").And.None.EqualTo("Score"));

        var (mean, deviation) = fitted.Model.Predict(Layout.Observation(rows), Layout.Action(rows));
        var delta = mean.narrow(1, 1, 2) - Layout.Observation(rows);
        Assert.That(output.GetColumn<float>("PredictedReward"), Is.EqualTo(Floats(mean.select(1, 0))).Within(1e-5));
        Assert.That(output.GetColumn<float[]>("PredictedObservationDelta").SelectMany(row => row), Is.EqualTo(Floats(delta)).Within(1e-5));
        Assert.That(output.GetColumn<float>("PredictedRewardStandardDeviation"), Is.EqualTo(Floats(deviation.select(1, 0))).Within(1e-5));
        Assert.That(output.GetColumn<float[]>("PredictedObservationDeltaStandardDeviation").SelectMany(row => row),
            Is.EqualTo(Floats(deviation.narrow(1, 1, 2))).Within(1e-5));
        Assert.That(fitted.Transform(table.ToDataView()).GetColumn<float>("PredictedReward"), Is.EqualTo(output.GetColumn<float>("PredictedReward")));
    }

    [Test]
    public void The_same_seed_fits_the_same_members()
    {
        using var scope = NewDisposeScope();
        float[] Predict(int seed)
        {
            var ml = new MLContext(seed);
            var fitted = ml.Reinforcement().Dynamics.Bootstrap(3, label => FastTree(ml, label)).Fit(LinearGaussianSystem.View(300, 1));
            return Floats(fitted.Model.PredictMembers(zeros(1, 2), zeros(1, 1)).Mean);
        }

        var first = Predict(1);
        Assert.That(Predict(1), Is.EqualTo(first));
        Assert.That(Predict(2), Is.Not.EqualTo(first));
        Assert.That(first.Distinct().Count(), Is.EqualTo(first.Length), "each member has a sample of its own");
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(1000)]
    public void A_sample_leaves_rows_out(int rows)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var sample = BootstrapSample.Draw(rows, seed);
            Assert.That(sample.Drawn, Has.Length.EqualTo(rows));
            Assert.That(sample.LeftOut, Is.Not.Empty);
            Assert.That(sample.Drawn.Concat(sample.LeftOut).Distinct().Order(), Is.EqualTo(Enumerable.Range(0, rows).Select(row => (long)row)));
        }
        if (rows == 1000) Assert.That(BootstrapSample.Draw(rows, 1).LeftOut.Length, Is.EqualTo(368).Within(50), "(1 - 1/n)^n of the rows");
    }

    [Test]
    public void The_diagnostics_take_it()
    {
        var rl = new MLContext(1).Reinforcement();
        var model = Fit(4, rows: 1000).Model;
        var calibration = rl.Diagnostics.Calibration(model, LinearGaussianSystem.View(1000, 9));
        var error = rl.Diagnostics.ModelError(model, LinearGaussianSystem.View(1000, 9));
        Assert.That(calibration, Is.Not.Null);
        Assert.That(error.MeanTotalVariation, Is.InRange(0, 1));
    }

    // A rule that asks the members, and a run that is stopped and goes on: it ends as the one that was not.
    [Test]
    public void A_run_with_it_stops_rollouts_by_disagreement_and_resumes()
    {
        using var folder = new TemporaryFolder();
        var rule = new Disagreement();
        float[] Run(int steps, bool isResumed = false, string? checkpoints = null)
        {
            var ml = new MLContext(seed: 1);
            var rl = ml.Reinforcement();
            using var environment = rl.Environments.Pendulum();
            var preset = SmallRuns.Preset(steps);
            preset.Rollouts.Rule = rule;
            if (checkpoints is not null) preset.Trainer.Checkpoints = new Checkpointing { Folder = checkpoints };
            var trainer = rl.Mbpo(
                environment, preset.Trainer, rl.Dynamics.Bootstrap(3, label => FastTree(ml, label)), rl.Rollouts.Branched(preset.Rollouts),
                rl.Policies.SoftActorCritic(preset.Policy));
            var report = isResumed ? trainer.Resume(checkpoints!) : trainer.Train();
            using var policy = report.Policy;
            var errors = report.History[^1].Values;
            Assert.That(errors["model/train-mse"], Is.LessThan(errors["model/holdout-mse"]), "trees know the rows that they were fitted to better");
            return [.. Enumerable.Range(-10, 21).Select(index => policy.Act([MathF.Cos(index / 3f), MathF.Sin(index / 3f), index / 5f])[0])];
        }

        var whole = Run(180);
        Assert.That(rule.Asked, Is.GreaterThan(0));
        _ = Run(120, checkpoints: folder.FullName);
        Assert.That(Run(180, isResumed: true, folder.FullName), Is.EqualTo(whole));
    }

    private static BootstrapTransformer Fit(int members, int rows = 300)
    {
        var ml = new MLContext(1);
        return ml.Reinforcement().Dynamics
            .Bootstrap(members, label => ml.Regression.Trainers.OnlineGradientDescent(
                label, PerOutputRegressionEstimator.FeaturesColumn, learningRate: 0.05f, numberOfIterations: 20))
            .Fit(LinearGaussianSystem.View(rows, 1));
    }

    private static float[] Floats(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    // Repeats itself exactly; LightGbm chooses its way to build histograms by measuring the time of two.
    private static FastTreeRegressionTrainer FastTree(MLContext ml, string label) => ml.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options
    {
        LabelColumnName = label,
        FeatureColumnName = PerOutputRegressionEstimator.FeaturesColumn,
        NumberOfThreads = 1,
        NumberOfTrees = 30,
        MinimumExampleCountPerLeaf = 5,
    });

    private sealed class Disagreement : IRolloutRule
    {
        public int Asked { get; private set; }

        public RolloutVerdict Judge(RolloutStep step)
        {
            using var scope = NewDisposeScope();
            Asked++;
            var (mean, _) = ((IEnsembleDynamicsModel)step.Model).PredictMembers(step.Observation, step.Action);
            return new RolloutVerdict(GoesOn: (mean.std(0L).mean([1L]) < 0.2).MoveToOuterDisposeScope());
        }
    }
}
