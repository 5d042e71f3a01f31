using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Ensemble.Serving;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble.Serving;

public class DynamicsTransformerTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private DynamicsTransformer _transformer = null!;

    [OneTimeSetUp]
    public void Fit()
    {
        var options = LinearGaussianSystem.SmallOptions();
        options.MaxEpochs = 3;
        _transformer = Catalog().ProbabilisticEnsemble(options).Fit(LinearGaussianSystem.View(200, 1));
    }

    [OneTimeTearDown]
    public void Free() => _transformer.Dispose();

    [Test]
    public void Transform_engine_and_model_agree_over_several_blocks()
    {
        // More rows than a block of the cursor has.
        const int count = 1500;
        using var scope = NewDisposeScope();
        var view = LinearGaussianSystem.View(count, 2);
        var rows = LinearGaussianSystem.Draw(count, 2);
        var (mean, deviation) = _transformer.Model.Predict(LinearGaussianSystem.Layout.Observation(rows), LinearGaussianSystem.Layout.Action(rows));
        var output = _mlContext.Data.CreateEnumerable<Output>(_transformer.Transform(view), reuseRowObject: false).ToArray();
        using var engine = _mlContext.Model.CreatePredictionEngine<Input, Output>(_transformer, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.That(output, Has.Length.EqualTo(count));
        foreach (var row in new[] { 0, 1023, 1024, count - 1 })
        {
            float[] expected = [.. mean[row].data<float>(), .. deviation[row].data<float>()];
            Assert.That(Flat(output[row]), Is.EqualTo(expected).Within(1e-6), $"row {row}");
            var single = engine.Predict(new Input { Observation = output[row].Observation, Action = rows[row].narrow(0, 2, 1).data<float>().ToArray() });
            Assert.That(Flat(single), Is.EqualTo(expected).Within(1e-6), $"row {row} by the engine");
        }
    }

    [Test]
    public void Columns_that_were_there_stay_beside_the_predictions()
    {
        var output = _transformer.Transform(LinearGaussianSystem.View(50, 3));
        Assert.That(output.GetColumn<float>("Reward").ToArray(), Is.EqualTo(LinearGaussianSystem.View(50, 3).GetColumn<float>("Reward").ToArray()));
        Assert.That(output.Schema["PredictedNextObservation"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 2)));
        Assert.That(_transformer.GetOutputSchema(LinearGaussianSystem.View(1, 1).Schema).Select(column => column.Name),
            Is.EqualTo(output.Schema.Select(column => column.Name)));
    }

    [Test]
    public void It_chains_with_built_in_transforms()
    {
        var view = LinearGaussianSystem.View(100, 1);
        var options = LinearGaussianSystem.SmallOptions();
        options.MaxEpochs = 1;
        var pipeline = _mlContext.Transforms.CopyColumns("Kept", "Reward").Append(Catalog().ProbabilisticEnsemble(options))
            .Append(_mlContext.Transforms.CopyColumns("Guess", "PredictedReward"));
        var output = pipeline.Fit(view).Transform(view);
        Assert.That(output.GetColumn<float>("Guess").ToArray(), Is.EqualTo(output.GetColumn<float>("PredictedReward").ToArray()));
    }

    [Test]
    public void The_report_and_Evaluate_name_every_member_and_output()
    {
        var metrics = _transformer.Evaluate(LinearGaussianSystem.View(300, 5));
        Assert.Multiple(() =>
        {
            Assert.That(metrics.RowCount, Is.EqualTo(300));
            Assert.That(metrics.Members.Select(member => member.Outputs.Count), Is.EqualTo(new[] { 3, 3, 3 }));
            Assert.That(_transformer.Report.Holdout.RowCount, Is.EqualTo(_transformer.Report.HoldoutRows));
            // Targets are not normalised, so the loss that chose the elites is the error in environment units.
            Assert.That(_transformer.Report.Holdout.Members.Select(member => member.MeanSquaredError),
                Is.EqualTo(_transformer.Report.HoldoutLosses).Within(1e-5));
        });
    }

    [Test]
    public void The_likelihood_is_that_of_the_normal_distribution()
    {
        using var scope = NewDisposeScope();
        var rows = LinearGaussianSystem.Draw(20, 6);
        var (mean, deviation) = _transformer.Model.Predict(LinearGaussianSystem.Layout.Observation(rows), LinearGaussianSystem.Layout.Action(rows));
        var expected = distributions.Normal(mean, deviation).log_prob(TargetCodec.Outcomes(LinearGaussianSystem.Layout, rows)).neg().mean([0L])
            .data<float>().ToArray();
        var metrics = _transformer.Evaluate(LinearGaussianSystem.View(20, 6));
        Assert.That(metrics.Mixture.Outputs.Select(output => output.NegativeLogLikelihood), Is.EqualTo(expected).Within(1e-4));
    }

    [Test]
    public void A_missing_column_is_named()
    {
        var view = _mlContext.Transforms.DropColumns("Action").Fit(LinearGaussianSystem.View(3, 1)).Transform(LinearGaussianSystem.View(3, 1));
        Assert.That(() => _transformer.Transform(view),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Could not find input column 'Action'"));
    }

    [Test]
    public void Saving_says_what_to_do_instead() =>
        Assert.That(() => _mlContext.Model.Save(_transformer, null, Stream.Null),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("save the policy"));

    [Test]
    public void Options_are_checked_by_name()
    {
        var catalog = Catalog();
        Assert.Multiple(() =>
        {
            Assert.That(() => catalog.ProbabilisticEnsemble(memberCount: 3),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("EliteCount"));
            Assert.That(() => catalog.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options { WeightDecays = [0.1] }),
                Throws.ArgumentException.With.Message.Contains("need 5"));
            Assert.That(() => catalog.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options { HoldoutRatio = 1 }),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("HoldoutRatio"));
            Assert.That(() => catalog.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options { Device = "tpu" }),
                Throws.ArgumentException.With.Message.Contains("'tpu'"));
            Assert.That(new ProbabilisticEnsembleTrainer.Options().ResolveWeightDecays(), Is.EqualTo(new[] { 2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4 }));
            Assert.That(new ProbabilisticEnsembleTrainer.Options { HiddenSizes = [8] }.ResolveWeightDecays(), Is.EqualTo(new[] { 2.5e-5, 1e-4 }));
        });
    }

    private DynamicsCatalog Catalog() => new(new ComponentContext(_mlContext));

    private static float[] Flat(Output row) =>
        [row.PredictedReward, .. row.PredictedNextObservation, row.PredictedRewardStandardDeviation, .. row.PredictedNextObservationStandardDeviation];

    private sealed class Input
    {
        [VectorType(2)]
        public float[] Observation { get; set; } = [];

        [VectorType(1)]
        public float[] Action { get; set; } = [];
    }

    private sealed class Output
    {
        [VectorType(2)]
        public float[] Observation { get; set; } = [];

        [VectorType(2)]
        public float[] PredictedNextObservation { get; set; } = [];

        [VectorType(2)]
        public float[] PredictedNextObservationStandardDeviation { get; set; } = [];

        public float PredictedReward { get; set; }

        public float PredictedRewardStandardDeviation { get; set; }
    }
}
