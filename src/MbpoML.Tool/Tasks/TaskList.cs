using System.Globalization;
using MbpoML.Algorithms.MeTrpo.Presets;
using MbpoML.Algorithms.Pets.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Experiments.Tasks;
using MbpoML.Mujoco;
using MbpoML.Plotting;
using MbpoML.Training.Presets;

namespace MbpoML.Tool.Tasks;

/// <summary>Every task that the tool has: those of the library and of MuJoCo.</summary>
internal static class TaskList
{
    /// <summary>What runs of the tool may name.</summary>
    public static TaskCatalog Catalog { get; } = new([
        .. TaskCatalog.Analytic.Tasks, .. MujocoTasks.Gym.Select(Mujoco),
        Pets(MujocoTasks.MbrlCartPole, "cart-pole of PETS on MuJoCo, reward known, 200 steps", "about 180", PetsPresets.CartPole),
        Pets(MujocoTasks.MbrlHalfCheetah, "HalfCheetah of PETS on MuJoCo, speed in front, reward known, 1000 steps", "4,204 at 50,000 steps",
            PetsPresets.HalfCheetah),
        WithOwn(MujocoTasks.MbrlSwimmer, "swimmer of MBBL on MuJoCo, reward known, 1000 steps", "ME-TRPO 336 at 200,000 steps", "metrpo",
            MeTrpoPresets.BenchmarkSwimmer, () => MeTrpoPresets.BenchmarkSwimmer().Fast()),
        WithOwn(MujocoTasks.MbblHalfCheetah, "HalfCheetah of MBBL on MuJoCo, reward known, 1000 steps", "ME-TRPO 2,284 at 200k steps", "metrpo",
            MeTrpoPresets.BenchmarkHalfCheetah, () => MeTrpoPresets.BenchmarkHalfCheetah().Fast()),
        BySize(MujocoTasks.DmcCartPoleSwingUp, "cart-pole swing-up of dm_control on MuJoCo, 1000 steps", "about 860"),
        // A small setting, in color because pole and sky are equally bright, and the sizes of the paper.
        PixelsOfCartPole("PixelDmcCartPoleSwingUp", new FrameShape(3, 32, 32), "32x32 color"),
        PixelsOfCartPole("PixelDmcCartPoleSwingUp64", new FrameShape(3, 64, 64), "64x64 color"),
    ]);

    public static IReadOnlyList<TrainingTask> All => Catalog.Tasks;

    /// <summary>The task of a name, whatever its case.</summary>
    public static TrainingTask Named(string name) => Catalog.Named(name);

    private static TrainingTask Pets(MujocoTask task, string summary, string optimum, Func<PetsPreset> paper) =>
        WithOwn(task, summary, optimum, "pets", paper, () => paper().Fast());

    // The settings of the paper of one algorithm; those of the others follow from the size.
    private static TrainingTask WithOwn(
        MujocoTask task, string summary, string optimum, string algorithm, Func<AlgorithmPreset> paper, Func<AlgorithmPreset> fast) =>
        BySize(task, summary, optimum) with
        {
            Presets =
            [
                new NamedPreset("paper", () => task.CreatePreset()) { Own = new Dictionary<string, Func<AlgorithmPreset>> { [algorithm] = paper } },
                new NamedPreset("fast", () => task.CreatePreset().Fast()) { Own = new Dictionary<string, Func<AlgorithmPreset>> { [algorithm] = fast } },
            ],
        };

    private static TrainingTask BySize(MujocoTask task, string summary, string optimum) => new(
        task.Name, summary, task.ObservationSize, task.ActionSize, task.Create,
        [new NamedPreset("default", () => task.CreatePreset()), new NamedPreset("fast", () => task.CreatePreset().Fast())], optimum)
    {
        EnvironmentType = typeof(MujocoEnvironment).FullName,
    };

    private static TrainingTask PixelsOfCartPole(string name, FrameShape shape, string size) => TaskCatalog.Pixels(
        name, $"DmcCartPoleSwingUp, seen as {size}, each action 8 times", shape, () => MujocoTasks.DmcCartPoleSwingUp.Create().WithActionRepeat(8),
        episodes: 100, "about 860");

    private static TrainingTask Mujoco(MujocoTask task)
    {
        PublishedReturns[] published = PublishedCurves.Tasks.Contains(task.Name) ? [.. PublishedCurves.Of(task.Name).Select(Returns)] : [];
        return new TrainingTask(
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
            OptimumOf(task.Name, published))
        {
            EnvironmentType = typeof(MujocoEnvironment).FullName,
            Published = published,
            Threshold = ThresholdOf(task.Name),
        };
    }

    private static PublishedReturns Returns(PublishedCurve curve) => new(
        curve.Algorithm.Name, curve.Algorithm.Label, curve.Average.Runs, curve.Average.Steps, curve.Average.Mean, curve.Average.StandardDeviation,
        curve.WallClockSeconds, curve.Algorithm.Source.Sentence);

    // Where algorithms of the last years can be told apart: MBPO comes late to it, its successors early.
    private static double? ThresholdOf(string task) => task switch
    {
        "Hopper" or "Walker2d" => 3000,
        "HalfCheetah" => 8000,
        "Ant" or "Humanoid" => 4000,
        _ => null,
    };

    // Of the legged tasks what MBPO reached as published.
    private static string OptimumOf(string task, PublishedReturns[] published) => task switch
    {
        "InvertedPendulum" => "1000, the most there is",
        "InvertedDoublePendulum" => "about 9350",
        _ => OptimumOf(published.Single(curve => curve.Name == "mbpo")),
    };

    private static string OptimumOf(PublishedReturns published) =>
        string.Create(CultureInfo.InvariantCulture, $"{published.Algorithm} {published.Mean[^1]:N0} at {published.Steps[^1]:N0} steps");
}
