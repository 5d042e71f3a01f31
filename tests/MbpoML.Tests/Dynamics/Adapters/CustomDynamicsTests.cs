using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Adapters;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Tests.Dynamics.Ensemble;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Adapters;

[Category("Text")]
public class CustomDynamicsTests
{
    private static readonly TransitionLayout Layout = LinearGaussianSystem.Layout;
    private readonly MLContext _mlContext = new(seed: 1);

    [Test]
    public void A_regression_per_output_predicts_and_samples_with_the_right_noise()
    {
        using var scope = NewDisposeScope();
        using var learner = new EstimatorDynamicsLearner(Ridge(), Layout);
        var metrics = learner.Fit(LinearGaussianSystem.Draw(2000, 1), CancellationToken.None);
        // The mean of the three noise variances is what no model can fall below.
        Assert.That(metrics["model/train-mse"], Is.EqualTo(0.02).Within(0.004));

        // More rows than the model first makes room for.
        var rows = LinearGaussianSystem.Draw(3000, 2);
        using var generator = new Generator(3);
        var (observation, action) = (Layout.Observation(rows), Layout.Action(rows));
        var sample = learner.Model.Sample(observation, action, generator);
        var (position, velocity) = (observation.select(1, 0), observation.select(1, 1));
        var rewardError = sample.Reward - (position - (0.5 * action.select(1, 0)));
        var positionError = sample.NextObservation.select(1, 0) - (position + (0.5 * velocity));
        Assert.Multiple(() =>
        {
            Assert.That(rewardError.mean().item<float>(), Is.Zero.Within(0.03));
            Assert.That(rewardError.std().item<float>(), Is.EqualTo(LinearGaussianSystem.RewardNoise).Within(15).Percent);
            Assert.That(positionError.mean().item<float>(), Is.Zero.Within(0.03));
            Assert.That(positionError.std().item<float>(), Is.EqualTo(LinearGaussianSystem.ObservationNoise).Within(15).Percent);
            Assert.That(sample.Terminated, Is.Null);
        });
    }

    [Test]
    public void A_featuriser_may_come_first()
    {
        var featurizer = _mlContext.Transforms.ApproximatedKernelMap(PerOutputRegressionEstimator.FeaturesColumn, rank: 20);
        var view = LinearGaussianSystem.View(300, 1);
        var output = new DynamicsCatalog(new ComponentContext(_mlContext)).Regression(Trainer, featurizer).Fit(view).Transform(view);
        Assert.That(output.GetColumn<float>("PredictedReward").ToArray(), Has.Length.EqualTo(300).And.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void The_fitted_pipeline_is_saved_and_loaded_by_ML_NET_alone()
    {
        var view = LinearGaussianSystem.View(200, 1);
        var fitted = Ridge().Fit(view);
        using var file = new MemoryStream();
        _mlContext.Model.Save(fitted, view.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.That(loaded.Transform(view).GetColumn<float[]>("PredictedObservationDelta"),
            Is.EqualTo(fitted.Transform(view).GetColumn<float[]>("PredictedObservationDelta")));
        Assert.That(fitted.Transform(view).Schema.Select(column => column.Name), Has.None.StartsWith("Mbpo").And.None.EqualTo("Score"));
    }

    [Test]
    public void The_shape_announced_is_the_schema_given()
    {
        var view = LinearGaussianSystem.View(50, 1);
        var pipeline = new EstimatorChain<ITransformer>().Append<ITransformer>(Ridge())
            .Append<ITransformer>(_mlContext.Transforms.CopyColumns("Guess", "PredictedReward"));
        Assert.That(pipeline.Fit(view).Transform(view).Schema.GetColumnOrNull("Guess"), Is.Not.Null);
    }

    [Test]
    public void A_next_observation_without_noise_and_a_termination_flag_are_taken_as_they_are()
    {
        using var scope = NewDisposeScope();
        var transformer = Map<Full>((input, output) =>
        {
            output.PredictedNextObservation = [input.Observation[0] + 1, input.Observation[1] * 2];
            output.PredictedReward = input.Action[0];
            output.PredictedTerminated = input.Observation[0] > 0;
        });
        var model = new TransformerDynamicsModel(transformer, Layout);
        using var generator = new Generator(1);
        var sample = model.Sample(tensor(new float[] { 1, 2, -3, 4 }, 2, 2), tensor(new float[] { 5, 6 }, 2, 1), generator);
        Assert.That(sample.NextObservation.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 4, -2, 8 }));
        Assert.That(sample.Reward.data<float>().ToArray(), Is.EqualTo(new float[] { 5, 6 }));
        Assert.That(sample.Terminated!.data<bool>().ToArray(), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void Missing_columns_are_named()
    {
        var rewardOnly = Map<RewardOnly>((_, _) => { });
        Assert.That(
            () => new TransformerDynamicsModel(rewardOnly, Layout),
            Throws.ArgumentException.With.Message.Contains("neither column 'PredictedNextObservation' nor column 'PredictedObservationDelta'"));
        var noReward = Map<DeltaOnly>((_, output) => output.PredictedObservationDelta = [0, 0]);
        Assert.That(() => new TransformerDynamicsModel(noReward, Layout), Throws.ArgumentException.With.Message.Contains("no column 'PredictedReward'"));
    }

    [Test]
    public void The_trainer_of_the_ensemble_is_plugged_in_with_its_warm_start()
    {
        var catalog = new DynamicsCatalog(new ComponentContext(_mlContext));
        using var learner = DynamicsPlug.CreateLearner(catalog.ProbabilisticEnsemble(LinearGaussianSystem.SmallOptions()), Layout, 1);
        using var other = DynamicsPlug.CreateLearner(Ridge(), Layout, 1);
        Assert.That(learner, Is.TypeOf<EnsembleLearner>());
        Assert.That(other, Is.TypeOf<EstimatorDynamicsLearner>());
        Assert.That(() => other.Model, Throws.InvalidOperationException);
    }

    private PerOutputRegressionEstimator Ridge() => new DynamicsCatalog(new ComponentContext(_mlContext)).Regression(Trainer);

    private IEstimator<ITransformer> Trainer(string label) =>
        _mlContext.Regression.Trainers.OnlineGradientDescent(label, PerOutputRegressionEstimator.FeaturesColumn, learningRate: 0.05f, numberOfIterations: 20);

    private CustomMappingTransformer<Input, TOutput> Map<TOutput>(Action<Input, TOutput> mapping)
        where TOutput : class, new()
    {
        var empty = new DenseDataView.Builder().AddVector("Observation", 2, new float[2]).AddVector("Action", 1, new float[1]).Build();
        return _mlContext.Transforms.CustomMapping(mapping, contractName: null).Fit(empty);
    }

    private sealed class Input
    {
        [VectorType(2)]
        public float[] Observation { get; set; } = [];

        [VectorType(1)]
        public float[] Action { get; set; } = [];
    }

    private sealed class Full
    {
        [VectorType(2)]
        public float[] PredictedNextObservation { get; set; } = [];

        public float PredictedReward { get; set; }

        public bool PredictedTerminated { get; set; }
    }

    private sealed class RewardOnly
    {
        public float PredictedReward { get; set; }
    }

    private sealed class DeltaOnly
    {
        [VectorType(2)]
        public float[] PredictedObservationDelta { get; set; } = [];
    }
}
