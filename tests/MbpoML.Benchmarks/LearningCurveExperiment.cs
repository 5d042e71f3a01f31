using System.Runtime.ExceptionServices;
using MbpoML.Plotting;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using Microsoft.ML;

namespace MbpoML.Benchmarks;

/// <summary>Several seeds of one task, side by side, drawn as mean and standard deviation.</summary>
internal static class LearningCurveExperiment
{
    public static int Run(LearningTask task, int[] seeds, string output, int parallel, string[] overrides, bool fast)
    {
        var folder = Path.Combine(output, task.Name);
        string Folder(int seed) => Path.Combine(folder, $"seed-{seed}");
        var runs = seeds.ToDictionary(seed => seed, seed => LearningRun.Read(Folder(seed)));
        foreach (var run in runs.Values.OfType<LearningRun>()) Console.WriteLine(Row(run));

        var rl = new MLContext().Reinforcement();
        var sweep = rl.MbpoSeeds(_ => task.Create(rl.Environments), new()
        {
            Parallel = parallel,
            Preset = _ => Preset(task, overrides, fast),
            MetricsWriters = seed => [MetricsFile(Folder(seed))],
            Finished = trained =>
            {
                if (trained.Report is null) return;
                var run = LearningRun.From(task, trained.Seed, trained.Report, Folder(trained.Seed));
                runs[trained.Seed] = run;
                Console.WriteLine(Row(run));
            },
        });
        int[] missing = [.. seeds.Where(seed => runs[seed] is null)];
        if (missing.Length > 0)
        {
            foreach (var failed in sweep.Train(missing).Where(trained => !trained.Succeeded)) ExceptionDispatchInfo.Throw(failed.Exception!);
        }

        Summarise(task, [.. seeds.Select(seed => runs[seed]!)], folder);
        return 0;
    }

    private static MbpoPreset Preset(LearningTask task, string[] overrides, bool fast)
    {
        var preset = task.Preset();
        foreach (var assignment in overrides) PresetOverride.Apply(preset, assignment);
        return fast ? preset.Fast() : preset;
    }

    // What an interrupted run left there is begun anew.
    private static JsonLinesMetricsWriter MetricsFile(string folder)
    {
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, "metrics.jsonl");
        File.Delete(file);
        return new JsonLinesMetricsWriter(file);
    }

    private static void Summarise(LearningTask task, LearningRun[] runs, string folder)
    {
        Draw(task, runs, folder);
        Console.WriteLine();
        Console.WriteLine($"{task.Title}: {task.Goal}; {runs.Count(run => run.Reached)} of {runs.Length} seeds reached it after {runs[0].Steps[^1]} steps");
        Console.WriteLine();
        Console.WriteLine("| seed | score | reached | seconds | of them fitting the model |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var run in runs) Console.WriteLine(Row(run));
    }

    private static string Row(LearningRun run) => FormattableString.Invariant(
        $"| {run.Seed} | {run.Score:F2} | {(run.Reached ? "yes" : "no")} | {run.Seconds:F0} | {run.ModelSeconds:F0} |");

    private static void Draw(LearningTask task, LearningRun[] runs, string folder)
    {
        var plot = new LearningCurvePlot { Title = task.Title };
        foreach (var run in runs) plot.Add("MBPO", [.. run.Steps.Select(step => (double)step)], run.Returns);
        plot.SavePng(Path.Combine(folder, $"{task.Name}.png"));
        LearningCurveCsv.Write(Path.Combine(folder, $"{task.Name}.csv"), plot.Curves);
    }
}
