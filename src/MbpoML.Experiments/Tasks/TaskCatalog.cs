using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;

namespace MbpoML.Experiments.Tasks;

/// <summary>
/// The tasks that runs may name. A program adds those of its own packages to the library's: <c>new TaskCatalog([.. TaskCatalog.Analytic.Tasks, mine])</c>.
/// </summary>
public sealed class TaskCatalog
{
    /// <summary>A catalog of some tasks.</summary>
    /// <param name="tasks">One or more tasks of different names.</param>
    /// <exception cref="ArgumentException">There is no task, or two have the same name, whatever its case.</exception>
    public TaskCatalog(IReadOnlyList<TrainingTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count == 0) throw new ArgumentException("tasks is empty, but a catalog has at least one task.", nameof(tasks));
        foreach (var task in tasks) ArgumentNullException.ThrowIfNull(task, nameof(tasks));
        if (tasks.GroupBy(task => task.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"tasks has '{twice.Key}' {twice.Count()} times, but a run names its task by it: give each a name of its own.", nameof(tasks));
        Tasks = [.. tasks];
    }

    /// <summary>The tasks of the library itself, which need no simulator.</summary>
    public static TaskCatalog Analytic { get; } = new(
    [
        Task("Pendulum", "Pendulum-v1 of Gymnasium, 200 steps", 3, () => new PendulumEnvironment(), MbpoPresets.Pendulum, "about -150"),
        Task("CartPole", "continuous cart-pole of mbrl-lib, 200 steps", 4, () => new CartPoleContinuousEnvironment(), MbpoPresets.CartPoleContinuous,
            "200, the most there is"),
        Task("CartPoleSwingUp", "PILCO's cart-pole swing-up, 40 steps", 5, () => new CartPoleSwingUpEnvironment(), MbpoPresets.CartPoleSwingUp, "about 25"),
        Task("MountainCar", "MountainCarContinuous-v0 of Gymnasium, 999 steps", 2, () => new MountainCarContinuousEnvironment(),
            MbpoPresets.MountainCarContinuous, "above 90"),
    ]);

    /// <summary>The tasks, in the order in which they were given.</summary>
    public IReadOnlyList<TrainingTask> Tasks { get; }

    /// <summary>The task of a name, whatever its case.</summary>
    /// <exception cref="RunSpecException">There is none; the message names the nearest.</exception>
    public TrainingTask Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(name) ?? throw RunSpecException.Unknown("task", name, [.. Tasks.Select(task => task.Name)]);
    }

    /// <summary>The task of an environment of somebody's assembly. Its constructor is called once, to learn its sizes and its presets.</summary>
    /// <param name="reference">Assembly and type, as in "bin/My.dll#My.ReactorEnvironment"; without the type the only environment of the assembly.</param>
    /// <param name="name">What the task is called; null for the name of its type.</param>
    /// <param name="timeLimit">The steps after which its episodes are truncated, at least 1; null for none.</param>
    /// <exception cref="RunSpecException">There is no such environment; the message says what there is.</exception>
    /// <exception cref="RunDataException">Its constructor failed.</exception>
    public static TrainingTask Load(string reference, string? name = null, int? timeLimit = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (timeLimit is { } steps) ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, nameof(timeLimit));
        return EnvironmentTask.Load(reference, name, timeLimit);
    }

    internal TrainingTask? Find(string name) => Tasks.FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static TrainingTask Task(string name, string summary, int observations, Func<IEnvironment> create, Func<MbpoPreset> preset, string optimum) =>
        new(name, summary, observations, Actions: 1, create, [new NamedPreset("tuned", preset), new NamedPreset("fast", () => preset().Fast())], optimum);
}
