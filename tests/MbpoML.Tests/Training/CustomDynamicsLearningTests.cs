using MbpoML.Dynamics;
using MbpoML.Policies;
using MbpoML.Rollouts;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace MbpoML.Tests.Training;

/// <summary>ML.NET's own regressions as the dynamics model of an unchanged MBPO trainer.</summary>
public class CustomDynamicsLearningTests
{
    [Test]
    public void With_Sdca_as_the_model_the_pole_is_balanced()
    {
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var options = new MbpoTrainer.Options
        {
            Steps = 1000,
            EpochLength = 1000,
            InitialExplorationSteps = 200,
            ModelTrainingInterval = 100,
            UpdatesPerStep = 20,
            BatchSize = 128,
            EvaluationEpisodes = 0,
            Threads = 1,
        };
        var trainer = rl.Mbpo(
            environment,
            options,
            dynamics: rl.Dynamics.Regression(label => Sdca(mlContext, label), mlContext.Transforms.NormalizeMeanVariance(PerOutputRegressionEstimator.FeaturesColumn, fixZero: false)),
            rollouts: rl.Rollouts.Branched(RolloutSchedule.Constant(3), batchSize: 3000),
            policy: rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [64, 64], LearningRate = 5e-4 }));
        using var policy = trainer.Fit();

        using var untrained = rl.Policies.SoftActorCritic().CreateLearner(new(4, 1), environment.ActionSpace, seed: 1);
        Assert.That(rl.Evaluate(untrained, environment, episodes: 10).MeanReturn, Is.LessThan(60));
        Assert.That(rl.Evaluate(policy, environment, episodes: 10).MeanReturn, Is.GreaterThanOrEqualTo(190));
    }

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

    // One thread, because several make Sdca's result depend on their timing. A small L2, because the system is almost linear; many passes, because
    // on-policy actions go with the observations, and only patience then tells their effects apart.
    private static SdcaRegressionTrainer Sdca(MLContext mlContext, string label) => mlContext.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
    {
        LabelColumnName = label,
        FeatureColumnName = PerOutputRegressionEstimator.FeaturesColumn,
        NumberOfThreads = 1,
        L2Regularization = 1e-6f,
        MaximumNumberOfIterations = 200,
        ConvergenceTolerance = 1e-6f,
    });

    private static LightGbmRegressionTrainer LightGbm(MLContext mlContext, string label) => mlContext.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
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
