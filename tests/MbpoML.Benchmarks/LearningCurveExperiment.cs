using MbpoML.Plotting;

namespace MbpoML.Benchmarks;

/// <summary>Several seeds of one task, side by side, drawn as mean and standard deviation.</summary>
internal static class LearningCurveExperiment
{
    public static int Run(LearningTask task, int[] seeds, string output, int parallel, string[] overrides)
    {
        var folder = Path.Combine(output, task.Name);
        var runs = new LearningRun[seeds.Length];
        var next = -1;
        var workers = Enumerable.Range(0, Math.Min(Math.Max(1, parallel), seeds.Length)).Select(_ => new Thread(() =>
        {
            // Each worker takes the next seed: torch's thread count belongs to the thread, so a run keeps to its own.
            for (var index = Interlocked.Increment(ref next); index < seeds.Length; index = Interlocked.Increment(ref next))
            {
                runs[index] = LearningRun.Get(task, seeds[index], Path.Combine(folder, $"seed-{seeds[index]}"), overrides);
                Console.WriteLine(Row(runs[index]));
            }
        })).ToArray();
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();

        Draw(task, runs, folder);
        Console.WriteLine();
        Console.WriteLine($"{task.Title}: {task.Goal}; {runs.Count(run => run.Reached)} of {runs.Length} seeds reached it after {runs[0].Steps[^1]} steps");
        Console.WriteLine();
        Console.WriteLine("| seed | score | reached | seconds |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var run in runs) Console.WriteLine(Row(run));
        return 0;
    }

    private static string Row(LearningRun run) => FormattableString.Invariant($"| {run.Seed} | {run.Score:F2} | {(run.Reached ? "yes" : "no")} | {run.Seconds:F0} |");

    private static void Draw(LearningTask task, LearningRun[] runs, string folder)
    {
        var plot = new LearningCurvePlot { Title = task.Title };
        foreach (var run in runs) plot.Add("MBPO", [.. run.Steps.Select(step => (double)step)], run.Returns);
        plot.SavePng(Path.Combine(folder, $"{task.Name}.png"));
        LearningCurveCsv.Write(Path.Combine(folder, $"{task.Name}.csv"), plot.Curves);
    }
}
