using System.Globalization;
using MbpoML.Environments;
using MbpoML.Mujoco;
using MbpoML.Plotting;
using MbpoML.Training;

namespace MbpoML.Tool.Tasks;

/// <summary>Every task there is: the one place where they come from.</summary>
internal static class TaskList
{
    public static IReadOnlyList<TrainingTask> All { get; } =
    [
        Analytic("Pendulum", "Pendulum-v1 of Gymnasium, 200 steps", 3, () => new PendulumEnvironment(), MbpoPresets.Pendulum, "about -150"),
        Analytic("CartPole", "continuous cart-pole of mbrl-lib, 200 steps", 4, () => new CartPoleContinuousEnvironment(), MbpoPresets.CartPoleContinuous, "200, the most there is"),
        Analytic("CartPoleSwingUp", "PILCO's cart-pole swing-up, 40 steps", 5, () => new CartPoleSwingUpEnvironment(), MbpoPresets.CartPoleSwingUp, "about 25"),
        Analytic("MountainCar", "MountainCarContinuous-v0 of Gymnasium, 999 steps", 2, () => new MountainCarContinuousEnvironment(), MbpoPresets.MountainCarContinuous, "above 90"),
        .. MujocoTasks.All.Select(Mujoco),
    ];

    /// <summary>The task of a name, whatever its case.</summary>
    public static TrainingTask Named(string name) =>
        All.FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw UsageException.Unknown("task", name, [.. All.Select(task => task.Name)]);

    private static TrainingTask Analytic(string name, string summary, int observations, Func<IEnvironment> create, Func<MbpoPreset> preset, string optimum) =>
        new(name, summary, observations, Actions: 1, create, [new NamedPreset("tuned", preset), new NamedPreset("fast", () => preset().Fast())], optimum);

    private static TrainingTask Mujoco(MujocoTask task) => new(
        task.Name,
        "MuJoCo, 1000 steps",
        task.ObservationSize,
        task.ActionSize,
        task.Create,
        [
            new NamedPreset("official", () => task.CreatePreset(PresetSource.Official)),
            new NamedPreset("paper", () => task.CreatePreset(PresetSource.Paper)),
            new NamedPreset("fast", () => task.CreatePreset(PresetSource.Official).Fast()),
        ],
        OptimumOf(task.Name),
        PublishedCurves.Tasks.Contains(task.Name) ? task.Name : null);

    // Of the legged tasks what MBPO reached as published.
    private static string OptimumOf(string task) => task switch
    {
        "InvertedPendulum" => "1000, the most there is",
        "InvertedDoublePendulum" => "about 9350",
        _ => OptimumOf(PublishedCurves.Of(task).Single(curve => curve.Average.Algorithm == "MBPO").Average),
    };

    private static string OptimumOf(SeedAverage published) =>
        string.Create(CultureInfo.InvariantCulture, $"{published.Algorithm} {published.Mean[^1]:N0} at {published.Steps[^1]:N0} steps");
}
