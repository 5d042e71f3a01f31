using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Adapters;
using MbpoML.Tests.Dynamics.Ensemble;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Compiled;

/// <summary>Fitted regressions are read once and evaluated here: with the numbers that ML.NET itself gives.</summary>
public class CompiledPipelineTests
{
    private const string Features = PerOutputRegressionEstimator.FeaturesColumn;
    private const double Tolerance = 1e-6;

    private static readonly MLContext ML = new(seed: 1);
    private static readonly TransitionLayout Layout = LinearGaussianSystem.Layout;

    private static readonly Dictionary<string, Func<string, IEstimator<ITransformer>>> Trainers = new()
    {
        ["LightGbm"] = label => LightGbm(label, leaves: 31),
        ["LightGbm, two words"] = label => LightGbm(label, leaves: 60),
        ["LightGbm, walked"] = label => ML.Regression.Trainers.LightGbm(
            label, Features, numberOfLeaves: 3000, minimumExampleCountPerLeaf: 1, numberOfIterations: 5),
        ["FastTree"] = label => ML.Regression.Trainers.FastTree(label, Features, numberOfTrees: 30),
        ["FastForest"] = label => ML.Regression.Trainers.FastForest(label, Features, numberOfTrees: 30),
        ["Gam"] = label => ML.Regression.Trainers.Gam(label, Features, numberOfIterations: 50),
        ["Sdca"] = label => ML.Regression.Trainers.Sdca(label, Features),
        ["OnlineGradientDescent"] = label => ML.Regression.Trainers.OnlineGradientDescent(label, Features),
        ["its own normalizer"] = label => ML.Transforms.NormalizeMeanVariance("Scaled", Features, fixZero: false)
            .Append(ML.Regression.Trainers.Sdca(label, "Scaled")),
    };

    private static IEnumerable<string> TrainerNames => Trainers.Keys;

    [TestCaseSource(nameof(TrainerNames))]
    public void A_regression_predicts_what_ML_NET_predicts(string trainer) => Agree(Fit(Trainers[trainer]));

    private static IEnumerable<TestCaseData> Featurizers
    {
        get
        {
            yield return Case("mean and variance", ML.Transforms.NormalizeMeanVariance(Features, fixZero: false));
            yield return Case("mean and variance without an offset", ML.Transforms.NormalizeMeanVariance(Features, fixZero: true));
            yield return Case("minimum and maximum", ML.Transforms.NormalizeMinMax(Features, fixZero: false));
            yield return Case("robust scaling", ML.Transforms.NormalizeRobustScaling(Features));
            // Not read, but computed by ML.NET; what follows is computed here.
            yield return Case("bins", ML.Transforms.NormalizeBinning(Features));
            yield return Case("random Fourier features", ML.Transforms.ApproximatedKernelMap(Features, rank: 40));
            yield return Case("several", ML.Transforms.CopyColumns("Raw", Features).Append(ML.Transforms.NormalizeMinMax(Features))
                .Append(ML.Transforms.Concatenate(Features, "Raw", Features)));

            static TestCaseData Case(string name, IEstimator<ITransformer> featurizer) => new TestCaseData(featurizer).SetArgDisplayNames(name);
        }
    }

    [TestCaseSource(nameof(Featurizers))]
    public void A_featuriser_may_come_first(IEstimator<ITransformer> featurizer)
    {
        Agree(Fit(label => ML.Regression.Trainers.Sdca(label, Features), featurizer));
        Agree(Fit(label => LightGbm(label, 31), featurizer));
    }

    // Their predictions are exponentials, and their labels must not be negative.
    [TestCase(true)]
    [TestCase(false)]
    public void Regressions_of_a_logarithm_predict_what_ML_NET_predicts(bool isTweedie)
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 500).Select(_ => (float)random.NextDouble()).ToArray();
        var view = new DenseDataView.Builder().AddVector("Observation", 1, values).AddVector("Action", 1, [.. values.Reverse()])
            .AddScalar("Reward", [.. values.Select(value => 5 * value * value)]).Build();
        IEstimator<ITransformer> trainer = isTweedie ? ML.Regression.Trainers.FastTreeTweedie("Reward", Features, numberOfTrees: 30)
            : ML.Regression.Trainers.LbfgsPoissonRegression("Reward", Features);
        var fitted = ML.Transforms.Concatenate(Features, "Observation", "Action").Append(trainer).Append(ML.Transforms.CopyColumns("PredictedReward", "Score"))
            .Append(ML.Transforms.Concatenate("PredictedObservationDelta", "Score")).Fit(view);
        var compiled = new TransformerDynamicsModel(fitted, new TransitionLayout(1, 1));
        Assert.That(compiled.IsCompiled);
        Agree(compiled, new TransformerDynamicsModel(fitted, new TransitionLayout(1, 1), null, mayCompile: false), linspace(-1, 2, 300).unsqueeze(1),
            linspace(1, 0, 300).unsqueeze(1));
    }

    // Categories are walked, not masked: one-hot columns of a number of few values.
    [Test]
    public void Categorical_splits_are_followed()
    {
        var view = Coded(400);
        var features = ML.Transforms.Categorical.OneHotEncoding("Hot", "Observation")
            .Append(ML.Transforms.Concatenate(Features, "Hot", "Action"));
        var trainer = ML.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
        {
            LabelColumnName = "Reward",
            FeatureColumnName = Features,
            UseCategoricalSplit = true,
            MinimumExampleCountPerGroup = 1,
            MinimumExampleCountPerLeaf = 2,
            NumberOfThreads = 1,
            NumberOfIterations = 20,
        });
        var fitted = features.Append(trainer).Append(ML.Transforms.CopyColumns("PredictedReward", "Score"))
            .Append(ML.Transforms.Concatenate("PredictedObservationDelta", "Score")).Fit(view);
        var trees = fitted.OfType<ISingleFeaturePredictionTransformer<TreeEnsembleModelParametersBasedOnRegressionTree>>().Single()
            .Model.TrainedTreeEnsemble.Trees;
        Assert.That(trees.Any(tree => tree.CategoricalSplitFlags.Contains(true)), "the test is about categorical splits");

        var layout = new TransitionLayout(1, 1);
        var compiled = new TransformerDynamicsModel(fitted, layout);
        Assert.That(compiled.IsCompiled);
        var codes = Enumerable.Range(0, 300).Select(row => (float)(row % 9)).ToArray();
        Agree(compiled, new TransformerDynamicsModel(fitted, layout, null, mayCompile: false), tensor(codes, 300, 1), linspace(-1, 1, 300).unsqueeze(1));
    }

    // A float on either side of a threshold, and the threshold itself.
    [TestCase("LightGbm")]
    [TestCase("FastTree")]
    [TestCase("LightGbm, walked")]
    public void Both_sides_of_every_threshold_go_where_ML_NET_sends_them(string trainer)
    {
        using var scope = NewDisposeScope();
        var fitted = Fit(Trainers[trainer]);
        var thresholds = fitted.OfType<ISingleFeaturePredictionTransformer<TreeEnsembleModelParametersBasedOnRegressionTree>>()
            .SelectMany(part => part.Model.TrainedTreeEnsemble.Trees).SelectMany(tree => tree.NumericalSplitThresholds).Distinct().Take(2000);
        float[] values = [.. thresholds.SelectMany(threshold => new[] { MathF.BitDecrement(threshold), threshold, MathF.BitIncrement(threshold) })];
        var column = tensor(values, values.Length, 1);
        Agree(fitted, cat([column, column.flip(0)], 1), column.roll(1, 0));
    }

    [Test]
    public void A_loaded_model_is_read_too()
    {
        var fitted = Fit(Trainers["LightGbm"]);
        using var file = new MemoryStream();
        ML.Model.Save(fitted, LinearGaussianSystem.View(10, 1).Schema, file);
        file.Position = 0;
        Agree(new MLContext().Model.Load(file, out _));
    }

    [Test]
    public void Missing_values_are_left_to_ML_NET()
    {
        using var scope = NewDisposeScope();
        var fitted = Fit(Trainers["LightGbm"]);
        var (observation, action) = Inputs(100);
        observation[7, 1] = float.NaN;
        Agree(fitted, observation, action);
    }

    [Test]
    public void A_pipeline_without_a_known_regression_is_left_to_ML_NET()
    {
        var model = new TransformerDynamicsModel(ML.Transforms.CustomMapping<Row, Outcome>((_, _) => { }, null).Fit(LinearGaussianSystem.View(10, 1)), Layout);
        Assert.That(model.IsCompiled, Is.False);
    }

    // Batches that are no multiple of a block, and one greater than the first capacity.
    [TestCase(1)]
    [TestCase(255)]
    [TestCase(257)]
    [TestCase(5000)]
    public void Every_size_of_batch_is_computed_whole(int rows)
    {
        using var scope = NewDisposeScope();
        var (observation, action) = Inputs(rows);
        Agree(Fit(Trainers["FastTree"]), observation, action);
        Agree(Fit(Trainers["Sdca"], ML.Transforms.ApproximatedKernelMap(Features, rank: 10)), observation, action);
    }

    private static TransformerChain<ITransformer> Fit(Func<string, IEstimator<ITransformer>> trainer, IEstimator<ITransformer>? featurizer = null) =>
        new DynamicsCatalog(new ComponentContext(ML)).Regression(trainer, featurizer).Fit(LinearGaussianSystem.View(3000, 1));

    private static void Agree(ITransformer fitted)
    {
        using var scope = NewDisposeScope();
        var (observation, action) = Inputs(1000);
        Agree(fitted, observation, action);
    }

    private static void Agree(ITransformer fitted, Tensor observation, Tensor action)
    {
        var compiled = new TransformerDynamicsModel(fitted, Layout);
        Assert.That(compiled.IsCompiled);
        Agree(compiled, new TransformerDynamicsModel(fitted, Layout, null, mayCompile: false), observation, action);
    }

    private static void Agree(TransformerDynamicsModel compiled, TransformerDynamicsModel plain, Tensor observation, Tensor action)
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = (compiled.PredictColumns(observation, action), plain.PredictColumns(observation, action));
        var distance = (ours - theirs).abs() / theirs.abs().clamp(min: 1);
        Assert.That(distance.max().item<float>(), Is.LessThanOrEqualTo(Tolerance));
        Assert.That(theirs.std().item<float>(), Is.GreaterThan(0));
    }

    private static (Tensor Observation, Tensor Action) Inputs(int rows)
    {
        var drawn = LinearGaussianSystem.Draw(rows, 7);
        return (Layout.Observation(drawn).clone(), Layout.Action(drawn).clone());
    }

    // Observations 0 to 8 whose rewards have nothing to do with their order.
    private static DenseDataView Coded(int count)
    {
        var codes = Enumerable.Range(0, count).Select(row => (float)(row * 7 % 9)).ToArray();
        var actions = Enumerable.Range(0, count).Select(row => (row * 13 % count / (float)count * 2) - 1).ToArray();
        return new DenseDataView.Builder().AddVector("Observation", 1, codes).AddVector("Action", 1, actions)
            .AddScalar("Reward", [.. codes.Select((code, row) => ((int)code * 5 % 9) + actions[row])]).Build();
    }

    private static LightGbmRegressionTrainer LightGbm(string label, int leaves) => ML.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
    {
        LabelColumnName = label,
        FeatureColumnName = Features,
        NumberOfThreads = 1,
        NumberOfIterations = 40,
        NumberOfLeaves = leaves,
        MinimumExampleCountPerLeaf = 2,
        Seed = 1,
    });

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Observation { get; set; } = [];
    }

    private sealed class Outcome
    {
        [VectorType(2)]
        public float[] PredictedNextObservation { get; set; } = [];

        public float PredictedReward { get; set; }
    }
}
