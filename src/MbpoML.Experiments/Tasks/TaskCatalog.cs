using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Training.Presets;

namespace MbpoML.Experiments.Tasks;

/// <summary>
/// The tasks that runs may name. A program adds those of its own packages to the library's: <c>new TaskCatalog([.. TaskCatalog.Analytic.Tasks, mine])</c>.
/// </summary>
public sealed class TaskCatalog
{
    private const int RandomEpisodes = 5;

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
        new TrainingTask("Line", "a point on a line, brought to the middle, 30 steps", Observations: 2, Actions: 1, () => new LineEnvironment(),
            [new NamedPreset("default", Line)], "above -0.005"),
        Pixels("PixelLine", "a point on a line, seen as a dot, 16x16 gray, 30 steps", new FrameShape(1, 16, 16), () => new LineEnvironment(), episodes: 30,
            "above -0.01"),
        Pixels("PixelPendulum", "Pendulum, seen as 32x32 gray, each action twice", new FrameShape(1, 32, 32),
            () => new PendulumEnvironment().WithActionRepeat(2), episodes: 60, "about -150", rewardScale: 0.1, freeNats: 0.5),
        Pixels("PixelCartPoleSwingUp", "CartPoleSwingUp, seen as 32x32 gray", new FrameShape(1, 32, 32), () => new CartPoleSwingUpEnvironment(),
            episodes: 100, "about 25"),
    ]);

    /// <summary>
    /// A task that is observed as pictures, with whole episodes as epochs, five of them at random. Its settings are those of the run; what learns from pictures
    /// is the algorithm's.
    /// </summary>
    /// <param name="name">What is written on the command line.</param>
    /// <param name="summary">The task in a few words.</param>
    /// <param name="shape">The sizes of the picture: gray where it has one channel, else color, with three.</param>
    /// <param name="create">Makes an environment that draws itself, with one action.</param>
    /// <param name="episodes">Episodes of a run that are not random, at least 1.</param>
    /// <param name="optimum">A return that is known to be good, in words.</param>
    /// <param name="rewardScale">How much PlaNet's loss of the reward counts, at least 0. The default, of the paper, suits rewards of about one a step.</param>
    /// <param name="freeNats">
    /// Divergence a step that costs PlaNet nothing, in nats, at least 0. The default is the paper's. A small frame may tell less than that; then nothing
    /// teaches the model to foretell.
    /// </param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 1 episodes, neither 1 nor 3 channels, or a scale or nats are negative.</exception>
    public static TrainingTask Pixels(
        string name, string summary, FrameShape shape, Func<IEnvironment> create, int episodes, string optimum, double rewardScale = 10,
        double freeNats = 3)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(optimum);
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rewardScale);
        ArgumentOutOfRangeException.ThrowIfNegative(freeNats);
        if (shape.Channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(shape), shape, "A picture has 1 channel, gray, or 3, of red, green and blue.");
        var own = new Dictionary<string, Func<AlgorithmPreset>> { ["planet"] = PlaNet };
        return new TrainingTask(name, summary, shape.Size, Actions: 1, Create, [new NamedPreset("default", Preset) { Own = own }], optimum);

        IEnvironment Create() => create().WithPixels(shape.Height, shape.Width, gray: shape.Channels == 1);

        PlaNetPreset PlaNet()
        {
            var preset = Preset().PlaNet(shape);
            (preset.Dynamics.RewardScale, preset.Dynamics.FreeNats) = (rewardScale, freeNats);
            return preset;
        }

        MbpoPreset Preset()
        {
            using var environment = create();
            var preset = MbpoPresets.Small(environment);
            var (trainer, episode) = (preset.Trainer, environment.MaxEpisodeSteps ?? preset.Trainer.MaxEpisodeSteps);
            (trainer.EpochLength, trainer.ModelTrainingInterval, trainer.InitialExplorationSteps) = (episode, episode, RandomEpisodes * episode);
            (trainer.Steps, trainer.ExplorationActionHold, trainer.MaxEpisodeSteps) = ((RandomEpisodes + episodes) * episode, 1, episode);
            // A hundred times as many numbers a state as the preset is made for.
            preset.Rollouts.BatchSize = 500;
            return preset;
        }
    }

    /// <summary>The tasks, in the order in which they were given.</summary>
    public IReadOnlyList<TrainingTask> Tasks { get; }

    /// <summary>The task of a name, whatever its case.</summary>
    /// <param name="name">The name of a task of this catalog; upper and lower case count as the same.</param>
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

    // Of a small task's settings those of the run are other ones: whole episodes, and a reward that weighs against the entropy in the last metre.
    private static MbpoPreset Line()
    {
        using var environment = new LineEnvironment();
        var preset = MbpoPresets.Small(environment);
        var (trainer, episode) = (preset.Trainer, environment.MaxEpisodeSteps!.Value);
        (trainer.Steps, trainer.EpochLength, trainer.InitialExplorationSteps, trainer.ModelTrainingInterval) = (30 * episode, 3 * episode, episode, episode);
        (trainer.ExplorationActionHold, trainer.EvaluationEpisodes, trainer.Reward) = (1, 1, LineEnvironment.KnownReward);
        (preset.Policy.RewardScale, preset.Policy.Discount) = (100, 0.9);
        return preset;
    }

    private static TrainingTask Task(string name, string summary, int observations, Func<IEnvironment> create, Func<MbpoPreset> preset, string optimum) =>
        new(name, summary, observations, Actions: 1, create, [new NamedPreset("tuned", preset), new NamedPreset("fast", () => preset().Fast())], optimum);
}
