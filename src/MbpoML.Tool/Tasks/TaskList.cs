using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Training;

namespace MbpoML.Tool.Tasks;

/// <summary>Every task there is: the one place where they come from.</summary>
internal static class TaskList
{
    public static IReadOnlyList<TrainingTask> All { get; } =
    [
        Analytic("Pendulum", "Pendulum-v1 of Gymnasium, 200 steps", () => new PendulumEnvironment(), MbpoPresets.Pendulum, "about -150"),
        Analytic("CartPole", "continuous cart-pole of mbrl-lib, 200 steps", () => new CartPoleContinuousEnvironment(), MbpoPresets.CartPoleContinuous, "200"),
        Analytic("CartPoleSwingUp", "PILCO's cart-pole swing-up, 40 steps", () => new CartPoleSwingUpEnvironment(), MbpoPresets.CartPoleSwingUp, "about 30"),
        Analytic("MountainCar", "MountainCarContinuous-v0 of Gymnasium, 999 steps", () => new MountainCarContinuousEnvironment(), MbpoPresets.MountainCarContinuous, "above 90"),
    ];

    /// <summary>The task of a name, whatever its case.</summary>
    public static TrainingTask Named(string name) =>
        All.FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"There is no task '{name}'. Did you mean {NearestNames.To(name, All.Select(task => task.Name), 1)[0]}? Tasks: {string.Join(", ", All.Select(task => task.Name))}.");

    private static TrainingTask Analytic(string name, string summary, Func<IEnvironment> create, Func<MbpoPreset> preset, string optimum) =>
        new(name, summary, create, [new NamedPreset("tuned", preset), new NamedPreset("fast", () => preset().Fast())], optimum);
}
