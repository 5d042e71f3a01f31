using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Catalog;
using MbpoML.Environments;
using MbpoML.Evaluation;

namespace MbpoML.Benchmarks;

/// <summary>A task with its preset and what a run has to reach.</summary>
/// <param name="Name">What is written on the command line.</param>
/// <param name="Title">What is written on the picture.</param>
/// <param name="Create">Makes the environment.</param>
/// <param name="Preset">Makes the settings.</param>
/// <param name="Goal">The goal in words.</param>
/// <param name="Reached">Whether 20 episodes of the final policy reach it.</param>
/// <param name="Score">The number that decides, for the table.</param>
internal sealed record LearningTask(
    string Name,
    string Title,
    Func<EnvironmentCatalog, IEnvironment> Create,
    Func<MbpoPreset> Preset,
    string Goal,
    Func<PolicyMetrics, bool> Reached,
    Func<PolicyMetrics, double> Score)
{
    public const int EvaluationEpisodes = 20;

    public static IReadOnlyList<LearningTask> All { get; } =
    [
        new("pendulum", "Pendulum-v1", tasks => tasks.Pendulum(), MbpoPresets.Pendulum, "mean return of 20 episodes >= -180",
            metrics => metrics.MeanReturn >= -180, metrics => metrics.MeanReturn),
        new("cart-pole", "Continuous cart-pole", tasks => tasks.CartPoleContinuous(), MbpoPresets.CartPoleContinuous, "200 of 200 in 20 episodes",
            metrics => metrics.MinimumReturn >= 200, metrics => metrics.MeanReturn),
        new("swing-up", "PILCO cart-pole swing-up", tasks => tasks.CartPoleSwingUp(), MbpoPresets.CartPoleSwingUp,
            "mean reward of an episode's last 20 steps >= 0.5", metrics => EndReward(metrics) >= 0.5, EndReward),
        new("mountain-car", "MountainCarContinuous-v0", tasks => tasks.MountainCarContinuous(), MbpoPresets.MountainCarContinuous,
            "mean return of 20 episodes >= 90", metrics => metrics.MeanReturn >= 90, metrics => metrics.MeanReturn),
    ];

    public static LearningTask Named(string name) => All.Single(task => task.Name == name);

    private static double EndReward(PolicyMetrics metrics) => metrics.Episodes.Average(episode => episode.Rewards.TakeLast(20).Average());
}
