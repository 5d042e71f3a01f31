using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Dynamics.Adapters;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments.Tasks;
using MbpoML.Imagination;
using MbpoML.Mujoco;
using MbpoML.Numerics;
using MbpoML.Training;
using MbpoML.Training.Schedules;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Golden;

/// <summary>
/// The runs that a rebuilt house must repeat: every preset of the analytic tasks, InvertedPendulum and Hopper, and variants that take other paths through the
/// code.
/// </summary>
internal static class GoldenCases
{
    private static readonly GoldenCase Pendulum = new("pendulum", tasks => tasks.Pendulum(), () => Short(MbpoPresets.Pendulum(), exploration: 200, steps: 700));
    private static readonly GoldenCase Hopper = new(
        "hopper", tasks => tasks.Hopper(), () => Short(MujocoTasks.Hopper.CreatePreset(), exploration: 300, steps: 600));

    public static IReadOnlyList<GoldenCase> All { get; } =
    [
        Pendulum,
        new("cart-pole", tasks => tasks.CartPoleContinuous(), () => Short(MbpoPresets.CartPoleContinuous(), exploration: 200, steps: 600)),
        new("swing-up", tasks => tasks.CartPoleSwingUp(), () => Short(MbpoPresets.CartPoleSwingUp(), exploration: 120, steps: 400)),
        new("mountain-car", tasks => tasks.MountainCarContinuous(), () => Short(MbpoPresets.MountainCarContinuous(), exploration: 600, steps: 1000)),
        new("small", tasks => tasks.Pendulum(), () => Short(MbpoPresets.Small(new PendulumEnvironment()), exploration: 200, steps: 600)),
        new("inverted-pendulum", tasks => tasks.InvertedPendulum(), () => Short(MujocoTasks.InvertedPendulum.CreatePreset(), exploration: 200, steps: 500)),
        Hopper,
        .. Variants(Pendulum),
        .. Variants(Hopper),
        Pendulum with { Name = "pendulum stopped and resumed", StopAt = 450 },
        Hopper with { Name = "hopper stopped and resumed", StopAt = 450 },
    ];

    private static IEnumerable<GoldenCase> Variants(GoldenCase task) =>
    [
        task.With("environment beside", preset => preset.Trainer.Overlap = OverlappedStages.Environment),
        task.With("value expansion", preset => preset.Policy.ValueExpansionSteps = 2),
        task.With("two workers", preset => (preset.Policy.Workers, preset.Dynamics.Workers) = (2, 2)),
        task.With("reference", preset => (preset.Policy.Acceleration, preset.Dynamics.Acceleration, preset.Trainer.UpdatesPerStep) =
            (Acceleration.Reference, Acceleration.Reference, 2)),
        task.With("bound recommended", preset => preset.Rollouts.Schedule = RolloutSchedule.BoundRecommended(longest: 5)),
        task.With("fast", preset => preset.Trainer.ModelTrainingSchedule = ModelTrainingSchedule.Growing(100, 300, 0.5)),
        task.With("stopping rule",
            preset => (preset.Rollouts.Schedule, preset.Rollouts.Rule) = (RolloutSchedule.Constant(4), RolloutRule.StopWhere(Disagree, keepsLastStep: false))),
        task.With("stopping rule that keeps",
            preset => (preset.Rollouts.Schedule, preset.Rollouts.Rule) = (RolloutSchedule.Constant(4), RolloutRule.StopWhere(Disagree))),
        task.With("retained", preset => (preset.Rollouts.RetainEpochs, preset.Rollouts.Schedule) = (2, RolloutSchedule.Linear(0, 3, 1, 4))),
        task.With("soft actor-critic", preset => (preset.Trainer.RealRatio, preset.Policy.NormalizeRewards) = (1, true)),
        task with { Name = $"{task.Name} logged", LoggedSteps = 150 },
        task with { Name = $"{task.Name} sdca", Dynamics = mlContext => mlContext.Reinforcement().Dynamics.Regression(label => Sdca(mlContext, label)) },
        task with { Name = $"{task.Name} bootstrap", Dynamics = mlContext => mlContext.Reinforcement().Dynamics.Bootstrap(3, label => Sdca(mlContext, label)) },
    ];

    private static SdcaRegressionTrainer Sdca(MLContext mlContext, string label)
    {
        var options = new SdcaRegressionTrainer.Options
        {
            LabelColumnName = label,
            FeatureColumnName = PerOutputRegressionEstimator.FeaturesColumn,
            NumberOfThreads = 1,
            MaximumNumberOfIterations = 5,
        };
        return mlContext.Regression.Trainers.Sdca(options);
    }

    // Three or more refits, some thousand updates, two evaluations: enough for every part of a run to have a say.
    private static MbpoPreset Short(MbpoPreset preset, int exploration, int steps)
    {
        var trainer = preset.Trainer;
        (trainer.InitialExplorationSteps, trainer.Steps, trainer.ModelTrainingInterval, trainer.EpochLength) = (exploration, steps, 100, 150);
        (trainer.UpdatesPerStep, trainer.EvaluationEpisodes) = (Math.Min(5, trainer.UpdatesPerStep), 1);
        (preset.Rollouts.BatchSize, preset.Dynamics.MaxOptimizerSteps) = (2000, 150);
        return preset;
    }

    // Whether the members disagree more than on average.
    private static Tensor Disagree(RolloutStep step)
    {
        using var scope = NewDisposeScope();
        var (mean, _) = ((IEnsembleDynamicsModel)step.Model).PredictMembers(step.Observation, step.Action);
        var spread = mean.std(0).mean([1L]);
        var usual = spread.mean();
        return spread.gt(usual).MoveToOuterDisposeScope();
    }
}
