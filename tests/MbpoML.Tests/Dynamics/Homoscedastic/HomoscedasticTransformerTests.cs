using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Adapters;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Imagination;
using MbpoML.Tests.Dynamics.Ensemble;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

public class HomoscedasticTransformerTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private HomoscedasticTransformer _transformer = null!;

    [OneTimeSetUp]
    public void Fit() => _transformer = Estimator().Fit(LinearGaussianSystem.View(200, 1));

    [OneTimeTearDown]
    public void Free() => _transformer.Dispose();

    [Test]
    public void Transform_engine_and_model_agree_over_several_blocks()
    {
        const int Count = 1500;
        using var scope = NewDisposeScope();
        var rows = LinearGaussianSystem.Draw(Count, 2);
        var (mean, deviation) = _transformer.Model.Predict(LinearGaussianSystem.Layout.Observation(rows), LinearGaussianSystem.Layout.Action(rows));
        var output = _mlContext.Data.CreateEnumerable<Output>(_transformer.Transform(LinearGaussianSystem.View(Count, 2)), reuseRowObject: false).ToArray();
        using var engine = _mlContext.Model.CreatePredictionEngine<Input, Output>(_transformer, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.That(output, Has.Length.EqualTo(Count));
        foreach (var row in new[] { 0, 1023, 1024, Count - 1 })
        {
            float[] expected = [.. mean[row].data<float>(), .. deviation[row].data<float>()];
            Assert.That(Flat(output[row]), Is.EqualTo(expected).Within(1e-5), $"row {row}");
            var single = engine.Predict(new Input { Observation = output[row].Observation, Action = rows[row].narrow(0, 2, 1).data<float>().ToArray() });
            Assert.That(Flat(single), Is.EqualTo(expected).Within(1e-5), $"row {row} by the engine");
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_saved_model_predicts_the_same_without_this_library(bool normalizes)
    {
        using var transformer = Estimator(options => (options.LayerNormalization, options.HiddenSizes) = (normalizes, [12, 8, 5]))
            .Fit(LinearGaussianSystem.View(200, 1));
        using var folder = new TemporaryFolder();
        var path = folder["dynamics.zip"];
        var view = LinearGaussianSystem.View(30, 2);
        _mlContext.Model.Save(transformer, view.Schema, path);
        var loaded = new MLContext().Model.Load(path, out _);
        var expected = _mlContext.Data.CreateEnumerable<Output>(transformer.Transform(view), reuseRowObject: false).ToArray();
        var actual = _mlContext.Data.CreateEnumerable<LoadedOutput>(loaded.Transform(view), reuseRowObject: false).ToArray();
        Assert.That(actual, Has.Length.EqualTo(30));
        for (var row = 0; row < 30; row++)
        {
            float[] given =
            [
                actual[row].PredictedReward[0], .. actual[row].PredictedNextObservation, actual[row].PredictedRewardStandardDeviation[0],
                .. actual[row].PredictedNextObservationStandardDeviation,
            ];
            Assert.That(given, Is.EqualTo(Flat(expected[row])).Within(2e-5));
        }

        (loaded as IDisposable)?.Dispose();
    }

    [Test]
    public void A_chain_of_transforms_can_be_saved_and_loaded()
    {
        using var folder = new TemporaryFolder();
        var view = LinearGaussianSystem.View(30, 2);
        var chain = _mlContext.Transforms.CopyColumns("Copy", "Reward").Append(Estimator()).Fit(view);
        _mlContext.Model.Save(chain, view.Schema, folder["chain.zip"]);
        var output = new MLContext().Model.Load(folder["chain.zip"], out _).Transform(view);
        Assert.That(output.GetColumn<float>("Copy").ToArray(), Is.EqualTo(view.GetColumn<float>("Reward").ToArray()));
        Assert.That(output.GetColumn<float[]>("PredictedNextObservation").Count(), Is.EqualTo(30));
    }

    [Test]
    public void Names_of_columns_may_be_the_users()
    {
        var columns = new TransitionColumns { Observation = "State", Action = "Move" };
        using var table = new TransitionTable(LinearGaussianSystem.Layout, LinearGaussianSystem.Draw(100, 1));
        var view = table.ToDataView(columns);
        using var transformer = Catalog().HomoscedasticEnsemble(Options(), columns).Fit(view);
        using var folder = new TemporaryFolder();
        _mlContext.Model.Save(transformer, view.Schema, folder["dynamics.zip"]);
        var loaded = new MLContext().Model.Load(folder["dynamics.zip"], out _);
        Assert.That(loaded.Transform(view).Schema.Select(column => column.Name),
            Is.SupersetOf(new[] { "State", "Move", "PredictedReward", "PredictedNextObservation" }));
    }

    [Test]
    public void The_report_and_Evaluate_say_how_good_it_is()
    {
        Assert.That(_transformer.Report.OptimizerSteps, Is.EqualTo(300));
        Assert.That(_transformer.Report.HoldoutRows, Is.Positive);
        Assert.That(((IDynamicsTransformer)_transformer).HoldoutMeanSquaredError,
            Is.EqualTo(_transformer.Report.Holdout!.Members.Average(member => member.MeanSquaredError)));
        var metrics = _transformer.Evaluate(LinearGaussianSystem.View(500, 9));
        Assert.That((metrics.RowCount, metrics.Members.Count), Is.EqualTo((500L, 2)));
        Assert.That(metrics.Mixture.MeanSquaredError, Is.LessThan(0.2));
    }

    [TestCase(Propagation.MemberEachStep)]
    [TestCase(Propagation.MemberEachRollout)]
    [TestCase(Propagation.Mean)]
    public void Tasks_are_imagined_with_every_propagation(Propagation propagation)
    {
        using var scope = NewDisposeScope();
        var imagined = new ImaginedEnvironment(_transformer.Model, propagation: propagation);
        using var generator = new Generator(1);
        var members = imagined.DrawMembers(50, generator);
        var step = imagined.Step(rand(50, 2), rand(50, 1), generator, members);
        Assert.That(step.NextObservation.shape, Is.EqualTo(new long[] { 50, 2 }));
        Assert.That(step.Reward.isfinite().all().item<bool>());
    }

    [Test]
    public void A_run_takes_its_learner_with_a_warm_start()
    {
        using var learner = DynamicsPlug.CreateLearner(Estimator(), LinearGaussianSystem.Layout, 1);
        Assert.That(learner, Is.InstanceOf<HomoscedasticLearner>());
        Assert.That((learner.IsEnsemble, learner.PredictsTermination), Is.EqualTo((true, false)));
        using var rows = LinearGaussianSystem.Draw(100, 1);
        Assert.That(learner.Fit(rows, CancellationToken.None)["model/optimizer-steps"], Is.EqualTo(300));
        Assert.That(learner.Fit(rows, CancellationToken.None)["model/optimizer-steps"], Is.EqualTo(20));
    }

    private HomoscedasticEnsembleTrainer Estimator(Action<HomoscedasticEnsembleTrainer.Options>? change = null)
    {
        var options = Options();
        change?.Invoke(options);
        return Catalog().HomoscedasticEnsemble(options);
    }

    private static HomoscedasticEnsembleTrainer.Options Options() =>
        new() { MemberCount = 2, HiddenSizes = [16, 16], BatchSize = 64, FirstOptimizerSteps = 300, OptimizerSteps = 20, HoldoutRatio = 0.1, Seed = 1 };

    private DynamicsCatalog Catalog() => new(new ComponentContext(_mlContext));

    private static float[] Flat(Output output) =>
        [output.PredictedReward, .. output.PredictedNextObservation, output.PredictedRewardStandardDeviation,
            .. output.PredictedNextObservationStandardDeviation];

    private class Input
    {
        [VectorType(2)]
        public float[] Observation { get; set; } = [];

        [VectorType(1)]
        public float[] Action { get; set; } = [];
    }

    private sealed class Output : Input
    {
        public float[] PredictedNextObservation { get; set; } = [];

        public float[] PredictedNextObservationStandardDeviation { get; set; } = [];

        public float PredictedReward { get; set; }

        public float PredictedRewardStandardDeviation { get; set; }
    }

    private sealed class LoadedOutput
    {
        public float[] PredictedNextObservation { get; set; } = [];

        public float[] PredictedNextObservationStandardDeviation { get; set; } = [];

        public float[] PredictedReward { get; set; } = [];

        public float[] PredictedRewardStandardDeviation { get; set; } = [];
    }
}
