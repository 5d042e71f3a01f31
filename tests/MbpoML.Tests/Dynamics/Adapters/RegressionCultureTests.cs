using System.Globalization;
using MbpoML.Catalog;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Adapters;
using MbpoML.Dynamics.Compiled;
using MbpoML.Tests.Dynamics.Ensemble;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MbpoML.Tests.Dynamics.Adapters;

/// <summary>Regressions are fitted, saved and loaded with the same numbers in every culture.</summary>
public class RegressionCultureTests
{
    private static IEnumerable<string> Others => Cultures.Others;

    [Test]
    public void The_cultures_write_numbers_differently() =>
        Assert.That(Others.Select(name => (-1.5).ToString(CultureInfo.GetCultureInfo(name))), Has.None.EqualTo("-1.5"),
            "without other cultures these tests would show nothing");

    [TestCaseSource(nameof(Others))]
    public void A_regression_is_fitted_with_the_same_numbers(string culture) =>
        Assert.That(Cultures.Under(culture, () => Numbers(Fit())), Is.EqualTo(Numbers(Fit())));

    [TestCaseSource(nameof(Others))]
    public void A_bootstrap_is_fitted_with_the_same_numbers(string culture) =>
        Assert.That(Cultures.Under(culture, () => Numbers(FitBootstrap())), Is.EqualTo(Numbers(FitBootstrap())));

    [TestCaseSource(nameof(Others))]
    public void A_model_is_loaded_by_ML_NET_alone(string culture)
    {
        using var folder = new TemporaryFolder();
        foreach (var fitted in new ITransformer[] { Fit(), FitBootstrap() })
        {
            var file = Path.Combine(folder.FullName, "model.zip");
            new MLContext().Model.Save(fitted, View().Schema, file);
            Assert.That(Cultures.Under(culture, () => Numbers(new MLContext().Model.Load(file, out _))), Is.EqualTo(Numbers(fitted)));
        }
    }

    // Earlier versions wrote "score : 0.123456789012345f", which ML.NET cannot read where the separator is a comma.
    [TestCaseSource(nameof(Others))]
    public void A_file_with_a_decimal_point_is_loaded_by_the_catalog(string culture)
    {
        using var folder = new TemporaryFolder();
        var (ml, file) = (new MLContext(), Path.Combine(folder.FullName, "before.zip"));
        var before = Cultures.Under("", () => ml.Transforms.Expression("PredictedReward", "x : 0.125f", "Reward").Fit(View()));
        ml.Model.Save(before, View().Schema, file);
        Assert.That(() => Cultures.Under(culture, () => ml.Model.Load(file, out _)), Throws.Exception, "ML.NET reads the text by the culture");
        var loaded = Cultures.Under(culture, () =>
        {
            var transformer = ml.Reinforcement().Dynamics.Load(file);
            Assert.That(CultureInfo.CurrentCulture.Name, Is.EqualTo(culture), "the culture is the program's own");
            return transformer;
        });
        Assert.That(loaded.Transform(View()).GetColumn<float>("PredictedReward"), Is.All.EqualTo(0.125f));
    }

    private static IEnumerable<float> Constants =>
    [
        0, 1, -1, 0.1f, -0.1f, 1e-3f, 123456.789f, 1 / 3f, MathF.PI, 16777215, 16777216, 1e-12f, 1e12f, float.MaxValue, float.MinValue, float.Epsilon,
        -float.Epsilon, 1.17549435e-38f, 3e-42f,
        MathF.BitIncrement(1), MathF.BitDecrement(1),
    ];

    [TestCaseSource(nameof(Constants))]
    public void A_constant_is_exact(float value)
    {
        Assert.That(ConstantExpression.Text(value), Does.Match("^[-float()*/ 0-9]*$"));
        Assert.That(ConstantOf(value), Is.EqualTo(value));
        Assert.That(Cultures.Under("sv-SE", () => ConstantOf(value)), Is.EqualTo(value));
    }

    [Test]
    public void Any_constant_is_exact()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (float.IsFinite(value)) Assert.That(ConstantOf(value), Is.EqualTo(value));
        }
    }

    private static float ConstantOf(float value) =>
        ConstantExpression.Column(new MLContext(), "MbpoConstant", value, "Reward").Fit(View()).Transform(View()).GetColumn<float>("MbpoConstant").First();

    private static DenseDataView View() => LinearGaussianSystem.View(60, 1);

    private static ITransformer Fit() => Fit((catalog, ml) => catalog.Regression(label => Trainer(ml, label)));

    private static ITransformer FitBootstrap() => Fit((catalog, ml) => catalog.Bootstrap(3, label => Trainer(ml, label)));

    private static ITransformer Fit(Func<DynamicsCatalog, MLContext, IEstimator<ITransformer>> make)
    {
        var ml = new MLContext(1);
        return make(ml.Reinforcement().Dynamics, ml).Fit(View());
    }

    private static OnlineGradientDescentTrainer Trainer(MLContext ml, string label) =>
        ml.Regression.Trainers.OnlineGradientDescent(label, PerOutputRegressionEstimator.FeaturesColumn);

    private static float[] Numbers(ITransformer fitted)
    {
        var output = fitted.Transform(View());
        return
        [
            .. output.GetColumn<float>("PredictedReward"),
            .. output.GetColumn<float>("PredictedRewardStandardDeviation"),
            .. output.GetColumn<float[]>("PredictedObservationDelta").SelectMany(row => row),
            .. output.GetColumn<float[]>("PredictedObservationDeltaStandardDeviation").SelectMany(row => row),
        ];
    }
}
