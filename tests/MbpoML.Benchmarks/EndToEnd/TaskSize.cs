using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Benchmarks.StandIns;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Imagination;

namespace MbpoML.Benchmarks.EndToEnd;

/// <summary>A task whose run time is measured: its sizes, and the settings that the paper's official code has for it (jannerm/mbpo, examples/config).</summary>
/// <param name="Name">What is written on the command line.</param>
/// <param name="Title">What is written above the table.</param>
/// <param name="Data">Transitions at hand when the measurement begins, unless said otherwise.</param>
/// <param name="Create">Makes the environment.</param>
/// <param name="Settings">Makes the settings.</param>
internal sealed record TaskSize(string Name, string Title, int Data, Func<IEnvironment> Create, Func<MbpoPreset> Settings)
{
    public static IReadOnlyList<TaskSize> All { get; } =
    [
        new("pendulum", "Pendulum (observation 3, action 1, G = 10)", 3000, () => new PendulumEnvironment(), Pendulum),
        // With random actions an episode lasts some 320 steps.
        new("hopper", "Hopper's size (observation 11, action 3, G = 20)", 30_000, () => new StandInEnvironment(11, 3, lowestHeight: -3), Hopper),
        new("half-cheetah", "HalfCheetah's size (observation 17, action 6, G = 40)", 30_000, () => new StandInEnvironment(17, 6), HalfCheetah),
        new("walker2d", "Walker2d's size (observation 17, action 6, G = 20)", 30_000, () => new StandInEnvironment(17, 6, lowestHeight: -3), Walker2d),
        new("ant", "Ant's size (observation 27, action 8, G = 20)", 30_000, () => new StandInEnvironment(27, 8, lowestHeight: -3), Ant),
    ];

    public static TaskSize Named(string name) => All.Single(size => size.Name == name);

    // The pendulum has no configuration in the paper; this is the one of the inverted pendulum.
    private static MbpoPreset Pendulum() => new()
    {
        Trainer = new() { Steps = 20_000, EpochLength = 250, InitialExplorationSteps = 500, UpdatesPerStep = 10 },
        Policy = new() { TargetEntropy = -0.05 },
    };

    private static MbpoPreset Hopper() => new()
    {
        Trainer = new() { Steps = 125_000, InitialExplorationSteps = 5000, UpdatesPerStep = 20 },
        Rollouts = new() { Schedule = RolloutSchedule.Linear(20, 150, 1, 15) },
        Policy = new() { TargetEntropy = -1 },
    };

    private static MbpoPreset Walker2d() => new()
    {
        Trainer = new() { Steps = 300_000, InitialExplorationSteps = 5000, UpdatesPerStep = 20 },
        Policy = new() { TargetEntropy = -3 },
    };

    private static MbpoPreset Ant() => new()
    {
        Trainer = new() { Steps = 300_000, InitialExplorationSteps = 5000, UpdatesPerStep = 20 },
        Rollouts = new() { Schedule = RolloutSchedule.Linear(20, 100, 1, 25) },
        Policy = new() { TargetEntropy = -4 },
    };

    private static MbpoPreset HalfCheetah() => new()
    {
        Trainer = new() { Steps = 400_000, InitialExplorationSteps = 5000, UpdatesPerStep = 40 },
        Policy = new() { TargetEntropy = -3 },
    };
}
