using System.Runtime.ExceptionServices;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Mbpo.Sweeps;
using MbpoML.Plotting;
using MbpoML.Training.Metrics;
using Microsoft.ML;

namespace MbpoML.Benchmarks;

/// <summary>Several seeds of one task, side by side, drawn as mean and standard deviation.</summary>
internal sealed class LearningCurveExperiment(LearningTask task, int[] seeds, string output)
{
    private readonly string _folder = Path.Combine(output, task.Name);

    /// <summary>Runs at the same time.</summary>
    public required int Parallel { get; init; }

    /// <summary>Changes of the preset.</summary>
    public required string[] Overrides { get; init; }

    /// <summary>Whether the fast variant of the preset is trained.</summary>
    public required bool Fast { get; init; }

    /// <summary>What the picture calls these runs.</summary>
    public required string Label { get; init; }

    /// <summary>Tables of other experiments, drawn into the same picture.</summary>
    public required string[] Beside { get; init; }

    public void Run()
    {
        var runs = seeds.ToDictionary(seed => seed, seed => LearningRun.Read(FolderOf(seed)));
        int[] missing = [.. seeds.Where(seed => runs[seed] is null)];
        if (missing.Length > 0)
        {
            foreach (var failed in Sweep(run => runs[run.Seed] = run).Train(missing).Where(run => !run.Succeeded))
                ExceptionDispatchInfo.Throw(failed.Exception!);
        }

        Summarise([.. seeds.Select(seed => runs[seed]!)]);
    }

    private SeedSweep Sweep(Action<LearningRun> finished)
    {
        var rl = new MLContext().Reinforcement();
        return rl.MbpoSeeds(_ => task.Create(rl.Environments), new()
        {
            Parallel = Parallel,
            Preset = _ => Preset(),
            MetricsWriters = seed => [MetricsFile(FolderOf(seed))],
            Finished = trained =>
            {
                if (!trained.Succeeded) return;
                var run = LearningRun.From(task, trained.Seed, trained.Report!, FolderOf(trained.Seed));
                Console.WriteLine(Row(run));
                finished(run);
            },
        });
    }

    private string FolderOf(int seed) => Path.Combine(_folder, $"seed-{seed}");

    private MbpoPreset Preset()
    {
        var preset = task.Preset();
        foreach (var assignment in Overrides) preset.Set(assignment);
        return Fast ? preset.Fast() : preset;
    }

    // What an interrupted run left there is begun anew.
    private static JsonLinesMetricsWriter MetricsFile(string folder)
    {
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, "metrics.jsonl");
        File.Delete(file);
        return new JsonLinesMetricsWriter(file);
    }

    private void Summarise(LearningRun[] runs)
    {
        Draw(runs);
        Console.WriteLine();
        Console.WriteLine($"{task.Title}: {task.Goal}; {runs.Count(run => run.Reached)} of {runs.Length} seeds reached it after {runs[0].Steps[^1]} steps");
        Console.WriteLine();
        Console.WriteLine("| seed | score | reached | seconds | of them fitting the model |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var run in runs) Console.WriteLine(Row(run));
    }

    private static string Row(LearningRun run) => FormattableString.Invariant(
        $"| {run.Seed} | {run.Score:F2} | {(run.Reached ? "yes" : "no")} | {run.Seconds:F0} | {run.ModelSeconds:F0} |");

    private void Draw(LearningRun[] runs)
    {
        var plot = new LearningCurvePlot { Title = task.Title };
        foreach (var curve in Beside.SelectMany(LearningCurveCsv.Read)) plot.Add(curve);
        foreach (var run in runs) plot.Add(Label, [.. run.Steps.Select(step => (double)step)], run.Returns);
        plot.SavePng(Path.Combine(_folder, $"{task.Name}.png"));
        LearningCurveCsv.Write(Path.Combine(_folder, $"{task.Name}.csv"), plot.Curves);
    }
}
