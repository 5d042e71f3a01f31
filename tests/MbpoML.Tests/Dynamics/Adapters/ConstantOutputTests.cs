using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Adapters;
using MbpoML.Tests.Dynamics.Ensemble;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Adapters;

/// <summary>Outputs that have one value in all rows, as a set point, a tariff or a recipe have; and trainers that fail.</summary>
[Category("Text")]
public class ConstantOutputTests
{
    private static readonly TransitionLayout Layout = LinearGaussianSystem.Layout;
    private readonly MLContext _mlContext = new(seed: 1);

    // LightGbm throws on constant labels.
    [TestCase(false)]
    [TestCase(true)]
    public void A_constant_output_is_predicted_exactly(bool isBootstrap)
    {
        using var scope = NewDisposeScope();
        var rows = LinearGaussianSystem.Draw(300, 1);
        // The second observation is a set point, the reward a fixed price.
        Layout.NextObservation(rows).select(1, 1).copy_(Layout.Observation(rows).select(1, 1));
        Layout.Reward(rows).fill_(-0.3f);
        using var table = new TransitionTable(Layout, rows.clone());
        var model = DynamicsPlug.CreateModel(Estimator(isBootstrap).Fit(table.ToDataView()), Layout);
        using var generator = new Generator(1);
        using var sample = model.Sample(Layout.Observation(rows), Layout.Action(rows), generator);
        Assert.That(sample.Reward.data<float>().ToArray(), Is.All.EqualTo(-0.3f));
        Assert.That(Floats(sample.NextObservation, 1), Is.EqualTo(Floats(Layout.Observation(rows), 1)));
        Assert.That(Floats(sample.NextObservation, 0), Is.Not.EqualTo(Floats(Layout.Observation(rows), 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Where_nothing_changes_nothing_is_fitted(bool isBootstrap)
    {
        using var scope = NewDisposeScope();
        var rows = LinearGaussianSystem.Draw(30, 1);
        Layout.NextObservation(rows).copy_(Layout.Observation(rows));
        Layout.Reward(rows).zero_();
        using var table = new TransitionTable(Layout, rows.clone());
        var model = DynamicsPlug.CreateModel(
            Estimator(isBootstrap, _ => throw new NotSupportedException("nothing is to be fitted")).Fit(table.ToDataView()), Layout);
        using var generator = new Generator(1);
        using var sample = model.Sample(Layout.Observation(rows), Layout.Action(rows), generator);
        Assert.That(sample.NextObservation.contiguous().data<float>().ToArray(), Is.EqualTo(Layout.Observation(rows).contiguous().data<float>().ToArray()));
    }

    // One row in a hundred differs. Where it is held out, the rows trained on are constant; the deviation says that the value is not.
    [Test]
    public void A_constant_of_the_training_rows_has_the_noise_of_the_rows_held_out()
    {
        using var scope = NewDisposeScope();
        var rows = LinearGaussianSystem.Draw(100, 1);
        var deviations = new List<float>();
        for (var row = 0; row < 12; row++)
        {
            Layout.Reward(rows).zero_();
            Layout.Reward(rows)[row] = 1;
            using var table = new TransitionTable(Layout, rows.clone());
            var fitted = new DynamicsCatalog(new ComponentContext(new MLContext(1))).Regression(Constant).Fit(table.ToDataView());
            deviations.Add(fitted.Transform(table.ToDataView()).GetColumn<float>("PredictedRewardStandardDeviation").First());
        }
        Assert.That(deviations, Has.Some.EqualTo(MathF.Sqrt(1 / 20f)).Within(1e-6f));
    }

    [TestCase(false, "the change of observation[1]")]
    [TestCase(true, "the change of observation[1] in member 0")]
    public void A_trainer_that_fails_is_told_with_its_output(bool isBootstrap, string output)
    {
        var estimator = Estimator(isBootstrap, label => label == "MbpoTarget2" ? new FailingTrainer() : LightGbm(label));
        var thrown = Assert.Throws<InvalidOperationException>(() => estimator.Fit(LinearGaussianSystem.View(100, 1)));
        Assert.That(thrown!.Message, Does.Contain(output).And.Contain(nameof(FailingTrainer)).And.Contain("rows with values from").And.Contain("no luck"));
        Assert.That(thrown.InnerException, Is.TypeOf<TimeoutException>());
    }

    private static float[] Floats(Tensor matrix, int column) => matrix.select(1, column).contiguous().data<float>().ToArray();

    private IEstimator<ITransformer> Estimator(bool isBootstrap, Func<string, IEstimator<ITransformer>>? trainer = null)
    {
        var catalog = new DynamicsCatalog(new ComponentContext(_mlContext));
        return isBootstrap ? catalog.Bootstrap(3, trainer ?? LightGbm) : catalog.Regression(trainer ?? LightGbm);
    }

    private IEstimator<ITransformer> Constant(string label) =>
        _mlContext.Regression.Trainers.OnlineGradientDescent(label, PerOutputRegressionEstimator.FeaturesColumn);

    private LightGbmRegressionTrainer LightGbm(string label) => _mlContext.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
    {
        LabelColumnName = label,
        FeatureColumnName = PerOutputRegressionEstimator.FeaturesColumn,
        NumberOfThreads = 1,
        NumberOfIterations = 20,
        MinimumExampleCountPerLeaf = 5,
    });

    private sealed class FailingTrainer : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => throw new TimeoutException("no luck");

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
