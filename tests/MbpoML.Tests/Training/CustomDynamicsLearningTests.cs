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
    // The end of a run is no good moment to judge one: a policy that balances may still let the cart drift for a while. So the run stops when its own evaluations
    // call the task solved, as a user would have it, and other episodes judge the policy. One seed in some four needs longer than the steps given here.
    [Test]
    public void With_Sdca_as_the_model_the_pole_is_balanced_by_two_of_three_seeds()
    {
        var returns = new[] { 1, 2, 3 }.Select(SolveCartPole).Where(result => result is not null).Take(2).ToArray();
        Assert.That(returns, Has.Length.EqualTo(2), "solved within 1000 steps");
        Assert.That(returns, Is.All.GreaterThanOrEqualTo(190), "a policy that has learned nothing earns some 30");
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

    // The mean return of ten episodes of the policy that solved the task; null where none did in time.
    private static double? SolveCartPole(int seed)
    {
        var mlContext = new MLContext(seed);
        var rl = mlContext.Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        using var solved = new CancellationTokenSource();
        var options = new MbpoTrainer.Options
        {
            Steps = 1000,
            EpochLength = 25,
            InitialExplorationSteps = 400,
            ModelTrainingInterval = 100,
            UpdatesPerStep = 20,
            BatchSize = 128,
            EvaluationEpisodes = 10,
            Threads = 1,
            CancellationToken = solved.Token,
            Progress = new ProgressListener(progress =>
            {
                if (progress.EpochMetrics?.EvaluationReturn >= 195) solved.Cancel();
            }),
        };
        var features = mlContext.Transforms.NormalizeMeanVariance(PerOutputRegressionEstimator.FeaturesColumn, fixZero: false);
        var trainer = rl.Mbpo(
            environment,
            options,
            dynamics: rl.Dynamics.Regression(label => Sdca(mlContext, label), features),
            rollouts: rl.Rollouts.Branched(RolloutSchedule.Constant(4), batchSize: 3000),
            policy: rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [64, 64], LearningRate = 1e-3, TargetSmoothing = 0.01 }));
        try
        {
            trainer.Fit().Dispose();
            return null;
        }
        catch (TrainingCanceledException exception)
        {
            using var policy = exception.Report!.Policy;
            return rl.Evaluate(policy, environment, episodes: 10, seed: 7).MeanReturn;
        }
    }

    // One thread, because several make Sdca's result depend on their timing. A small L2 and many passes, because the system is almost linear and almost without noise.
    private static SdcaRegressionTrainer Sdca(MLContext mlContext, string label) => mlContext.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
    {
        LabelColumnName = label,
        FeatureColumnName = PerOutputRegressionEstimator.FeaturesColumn,
        NumberOfThreads = 1,
        L2Regularization = 1e-5f,
        MaximumNumberOfIterations = 100,
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
