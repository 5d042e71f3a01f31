using System.Globalization;
using MbpoML.Experiments.Tasks;
using MbpoML.Mujoco;
using MbpoML.Plotting;

namespace MbpoML.Tool.Tasks;

/// <summary>Every task that the tool has: those of the library and of MuJoCo.</summary>
internal static class TaskList
{
    /// <summary>What runs of the tool may name.</summary>
    public static TaskCatalog Catalog { get; } = new([.. TaskCatalog.Analytic.Tasks, .. MujocoTasks.All.Select(Mujoco)]);

    public static IReadOnlyList<TrainingTask> All => Catalog.Tasks;

    /// <summary>The task of a name, whatever its case.</summary>
    public static TrainingTask Named(string name) => Catalog.Named(name);

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
