using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Tests.Reports;

/// <summary>Recorded runs with evaluations of a test's choice, a second for each ten steps.</summary>
internal static class SomeRuns
{
    public static RecordedRun Run(int seed, params (long Step, double Return)[] evaluations) => new()
    {
        Place = $"runs/seed-{seed}",
        Task = "Hopper",
        Algorithm = "dhmbpo",
        Label = "DHMBPO",
        Settings = "",
        Seed = seed,
        Evaluations = [.. evaluations.Select(point => new RunEvaluation(point.Step, point.Return, 1000, point.Step / 10.0))],
        Steps = evaluations.Length > 0 ? evaluations[^1].Step : 0,
        PlannedSteps = 100_000,
        Seconds = evaluations.Length > 0 ? evaluations[^1].Step / 10.0 : 0,
        Machines = ["AMD EPYC, 2 cores, TorchSharp 0.107.0"],
        IsFinished = false,
    };

    /// <summary>An evaluation every 1000 steps.</summary>
    public static (long Step, double Return)[] Each1000(int first, params double[] returns) =>
        [.. returns.Select((value, index) => ((first + index) * 1000L, value))];

    public static PublishedReturns Published(string name, params (double Step, double Mean)[] points) => new(
        name, name.ToUpperInvariant(), 8, [.. points.Select(point => point.Step)], [.. points.Select(point => point.Mean)], [.. points.Select(_ => 10.0)],
        [.. points.Select(point => point.Step * 0.06)], $"The source of {name}.");

    public static TaskRuns Task(double? threshold, PublishedReturns[] published, params RecordedRun[] runs) => new("Hopper", runs, published, threshold);
}
