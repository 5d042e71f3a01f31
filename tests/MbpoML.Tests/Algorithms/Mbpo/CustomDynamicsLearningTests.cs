using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Dynamics.Adapters;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace MbpoML.Tests.Algorithms.Mbpo;

/// <summary>ML.NET's own regressions as the dynamics model of an unchanged MBPO trainer.</summary>
public class CustomDynamicsLearningTests
{
    // A random policy earns 20 to 40 of 200; the same run balances all 200 steps with seeds 3, 4 and 5, too, and 175 with seed 1.
    [Test]
    public void With_Sdca_as_the_model_the_pole_is_balanced() => Assert.That(BalanceWithSdca(seed: 2), Is.GreaterThanOrEqualTo(195));

    // Two kinds of model that are neither linear nor exact: they plug in the same way, and the runs stay sound.
    [TestCase(true)]
    [TestCase(false)]
    public void Other_trainers_plug_in_and_repeat_themselves(bool trees)
    {
        float[] Learn()
        {
            var mlContext = new MLContext(seed: 1);
            var rl = mlContext.Reinforcement();
            using var environment = new LineEnvironment();
            var preset = SmallRuns.Preset(150);
            var trainer = rl.Mbpo(
                environment,
                preset.Trainer,
                rl.Dynamics.Regression(label => trees ? LightGbm(mlContext, label) : GradientDescent(mlContext, label)),
                rl.Rollouts.Branched(preset.Rollouts),
                rl.Policies.SoftActorCritic(preset.Policy));
            var report = trainer.Train();
            using var policy = report.Policy;
            Assert.That(report.History[^1].Values.Where(metric => !double.IsFinite(metric.Value)), Is.Empty);
            Assert.That(report.History[^1].Values["model/train-mse"], Is.LessThan(0.3), "the variance of the predicted values is greater");
            return SmallRuns.Actions(policy);
        }

        var actions = Learn();
        Assert.That(actions, Is.All.Matches<float>(float.IsFinite));
        Assert.That(Learn(), Is.EqualTo(actions));
    }

    // The mean return of ten episodes after 2000 steps of the task's preset, in which only the dynamics model is exchanged.
    private static double BalanceWithSdca(int seed)
    {
        var mlContext = new MLContext(seed);
        var rl = mlContext.Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var preset = MbpoPresets.CartPoleContinuous();
        (preset.Trainer.Steps, preset.Trainer.EvaluationEpisodes) = (2000, 0);
        var features = mlContext.Transforms.NormalizeMeanVariance(PerOutputRegressionEstimator.FeaturesColumn, fixZero: false);
        using var policy = rl.Mbpo(
            environment,
            preset.Trainer,
            dynamics: rl.Dynamics.Regression(label => Sdca(mlContext, label), features),
            rollouts: rl.Rollouts.Branched(preset.Rollouts),
            policy: rl.Policies.SoftActorCritic(preset.Policy)).Fit();
        return rl.Evaluate(policy, environment, episodes: 10, seed: 1000 + seed).MeanReturn;
    }

    // One thread, because several make Sdca's result depend on their timing. A small L2 and many passes, because the system is almost linear and almost without
    // noise.
    private static SdcaRegressionTrainer Sdca(MLContext mlContext, string label) => mlContext.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
    {
        LabelColumnName = label,
        FeatureColumnName = PerOutputRegressionEstimator.FeaturesColumn,
        NumberOfThreads = 1,
        L2Regularization = 1e-5f,
        MaximumNumberOfIterations = 100,
        ConvergenceTolerance = 1e-6f,
    });

    private static LightGbmRegressionTrainer LightGbm(MLContext mlContext, string label) =>
        mlContext.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
        {
            LabelColumnName = label,
            FeatureColumnName = PerOutputRegressionEstimator.FeaturesColumn,
            NumberOfThreads = 1,
            NumberOfIterations = 30,
            MinimumExampleCountPerLeaf = 5,
            Deterministic = true,
            Seed = 1,
        });

    private static OnlineGradientDescentTrainer GradientDescent(MLContext mlContext, string label) =>
        mlContext.Regression.Trainers.OnlineGradientDescent(label, PerOutputRegressionEstimator.FeaturesColumn, learningRate: 0.05f, numberOfIterations: 20);
}
