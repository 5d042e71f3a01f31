using System.Globalization;
using System.Text;
using MbpoML.Benchmarks.Reporting;

namespace MbpoML.Benchmarks.Scaling;

/// <summary>How the time of each stage grows when one size grows and the others stay Hopper's.</summary>
internal static class ScalingExperiment
{
    private const string Policy = "policy updates", Model = "fitting the model", Rollouts = "rollouts";
    private static readonly int[] Threads = [1, 2];
    private static readonly ScalingSize Hopper = new();

    // The sizes of Pendulum, Hopper, HalfCheetah, the truncated Humanoid and Ant with contact forces.
    private static readonly (int Observation, int Action)[] Tasks = [(3, 1), (11, 3), (17, 6), (45, 17), (111, 8)];

    public static int Run(string folder, int rounds)
    {
        var points = new List<ScalingPoint>();
        void Measure(string axis, int value, ScalingSize size, params string[] stages)
        {
            foreach (var threads in Threads)
            {
                var timings = new StageTimings(size, threads, rounds);
                foreach (var stage in stages)
                    points.Add(new ScalingPoint(
                        axis, value, stage, threads, stage switch { Policy => timings.Policy(), Model => timings.Model(), _ => timings.Rollout() }));
            }
        }

        // Neither the policy's updates nor the rollouts see how many real transitions or, for the updates, how many members there are.
        foreach (var data in new[] { 1000, 3000, 10_000, 30_000, 100_000 }) Measure("real transitions", data, Hopper with { Data = data }, Model);
        foreach (var members in new[] { 1, 3, 5, 7, 10 })
            Measure("ensemble members", members, Hopper with { Members = members, Data = 10_000 }, Model, Rollouts);
        foreach (var (observation, action) in Tasks)
            Measure("observation size", observation, Hopper with { ObservationSize = observation, ActionSize = action, Data = 10_000 }, Model,
                Rollouts, Policy);

        foreach (var axis in points.GroupBy(point => point.Axis)) Print(axis.Key, [.. axis]);
        Directory.CreateDirectory(folder);
        WriteCsv(Path.Combine(folder, "scaling.csv"), points);
        ScalingPlot.SavePng(Path.Combine(folder, "scaling.png"), points);
        return 0;
    }

    private static void Print(string axis, ScalingPoint[] points)
    {
        var curves = points.GroupBy(point => (point.Stage, point.Threads)).ToArray();
        var table = new MarkdownTable([axis, .. curves.Select(curve => $"{curve.Key.Stage}, {Count(curve.Key.Threads)}")]);
        foreach (var row in points.GroupBy(point => point.Value))
            table.Add(
                [row.Key.ToString("N0", CultureInfo.InvariantCulture),
                    .. curves.Select(curve => MarkdownTable.Number(curve.Single(point => point.Value == row.Key).Seconds))]);
        table.Print($"Seconds per 1000 environment steps by {axis}");
    }

    private static string Count(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    private static void WriteCsv(string path, IEnumerable<ScalingPoint> points)
    {
        var text = new StringBuilder("axis,value,stage,threads,seconds\n");
        foreach (var (axis, value, stage, threads, seconds) in points) text.Append(
            CultureInfo.InvariantCulture, $"{axis},{value},{stage},{threads},{seconds:G6}\n");
        File.WriteAllText(path, text.ToString());
    }
}
