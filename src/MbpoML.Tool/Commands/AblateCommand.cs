using System.CommandLine;
using MbpoML.Experiments.Ablations;
using MbpoML.Experiments.Tasks;
using MbpoML.Tool.Reports;
using MbpoML.Tool.Runs;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo ablate</c>.</summary>
internal sealed class AblateCommand
{
    private readonly Argument<string> _task = new("task") { Description = "A task of 'mbpo tasks'." };
    private readonly Option<string[]> _studies = new("--study")
    {
        Description = $"What to compare: {string.Join(", ", AblationList.All.Select(ablation => ablation.Name))}. May be repeated. Default: all.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _seeds = new("--seeds") { Description = "Seeds of each variant, as in 1,2,3 or 1..5.", DefaultValueFactory = _ => "1..3" };
    private readonly Option<int?> _steps = new("--steps") { Description = "Real environment steps of each run. Default: the preset's." };
    private readonly Option<string?> _preset =
        new("--preset") { Description = "The settings to begin with, of those that 'mbpo tasks' lists. Default: the task's first." };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "An option of every run, as in Policy.LearningRate=1e-3. May be repeated.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => []
    };
    private readonly FolderOption _out = new("--out", "The folder of the runs, a folder for each variant. Default: runs/TASK-ablations.");
    private readonly FolderOption _pictures = new(
        "--pictures", "The folder of the pictures, one for each study, with their numbers. Default: that of the runs.");

    public static Command Create(ToolConsole console)
    {
        var parts = new AblateCommand();
        var command = new Command("ablate",
            "Compares variants of the algorithm over several seeds: trains what is not trained yet, draws a picture for each study, and tells the returns.")
        {
            parts._task, parts._studies, parts._seeds, parts._steps, parts._preset, parts._set, parts._out.Option, parts._pictures.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var task = TaskList.Named(parsed.GetValue(_task)!);
        Ablation[] studies = parsed.GetValue(_studies) is { Length: > 0 } named ? [.. named.Select(AblationList.Named)] : [.. AblationList.All];
        var seeds = SeedList.Parse(parsed.GetValue(_seeds)!);
        var folder = _out.Read(parsed, Path.Combine("runs", $"{task.Name.ToLowerInvariant()}-ablations"));
        var pictures = _pictures.Read(parsed, folder);
        var settings = Settings(parsed, task);
        studies = [.. studies.Select(study => study.On(settings))];
        AblationVariant[] all = [.. studies.SelectMany(study => study.Variants).DistinctBy(variant => variant.Name)];
        using var taken = new Disposables<TakenRun>(
            TakenRun.Prepare([.. all.SelectMany(variant => seeds.Select(seed => (FolderOf(variant, seed), variant.For(settings, seed))))], TaskList.Catalog));
        var variants = all.ToDictionary(variant => variant.Name, variant => seeds.Select(seed => FolderOf(variant, seed)).ToArray());

        console.Out.WriteLine($"{task.Name}: {variants.Count} variants, {seeds.Count} seeds each, in {folder}");
        // A variant may fail, too long rollouts for instance: that is a result as well.
        var code = RunSet.Run(taken.All, Environment.ProcessorCount, console,
            folder => $"{Path.GetFileName(Path.GetDirectoryName(folder.Path))}/{folder.Name}");
        if (code == ExitCodes.Interrupted) return code;
        foreach (var study in studies)
        {
            var report = AblationReport.Read(task, study, TaskList.Catalog, variant => variants[variant.Name]);
            PictureOption.Save(report.Plot(), Path.Combine(pictures, $"ablation-{task.Name.ToLowerInvariant()}-{study.Name}.png"), console);
            console.Out.WriteLine(report.ToMarkdown());
        }

        return code;

        RunFolder FolderOf(AblationVariant variant, int seed) => new(Path.Combine(folder, variant.Name, Invariant($"seed-{seed}")));
    }

    private RunOptions Settings(ParseResult parsed, TrainingTask task)
    {
        var options = RunOptions.Of(task, parsed.GetValue(_preset), Algorithm.Named("mbpo"), 1);
        // Side by side a thread each: more would be in each other's way.
        RunOptionSet.UseWorkers(options, 1);
        if (parsed.GetValue(_steps) is { } steps) options.Settings.TrainerOptions.Steps = steps;
        foreach (var assignment in parsed.GetValue(_set)!) options.Set(assignment);
        // The variants are made from settings that can be used.
        options.Check();
        return options;
    }
}
