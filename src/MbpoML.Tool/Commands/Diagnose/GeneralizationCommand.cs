using System.CommandLine;
using System.Globalization;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Experiments.Evaluations;
using MbpoML.Experiments.Tasks;
using MbpoML.Policies;
using MbpoML.Tool.Runs;
using MbpoML.Tool.Tasks;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>
/// The command <c>mbpo diagnose generalization</c>: how the model's error grows as the policy moves away from the data, for several amounts of data.
/// </summary>
internal sealed class GeneralizationCommand
{
    // A run that is still learning when it stops, so that its policy goes on moving.
    private const int PartOfRun = 3;
    private const double DefaultNoise = 0.2;
    private const double DefaultLargestShift = 0.5;
    private const string Perturbed = "perturbed";
    private const string Optimized = "optimized";

    private readonly Argument<string[]> _runs =
        new("runs") { Description = "Folders of runs whose policies collect the data. May be left out with --task.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _task = new("--task") { Description = "Train runs of this task first, a seed each, beside the picture." };
    private readonly Option<string> _seeds = new("--seeds") { Description = "Seeds of those runs.", DefaultValueFactory = _ => "1..3" };
    private readonly Option<int?> _steps = new("--steps") { Description = $"Steps of those runs. Default: those of the preset divided by {PartOfRun}." };
    private readonly Option<string?> _preset =
        new("--preset") { Description = "Settings of those runs, of those that 'mbpo tasks' lists. Default: the task's first." };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "An option of those runs, as in Policy.LearningRate=1e-3. May be repeated.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => []
    };
    private readonly Option<string> _sizes =
        new("--sizes") { Description = "Transitions that models are fitted to.", DefaultValueFactory = _ => "500,1000,2000,5000" };
    private readonly Option<int> _policies = DiagnoseCommand.Number("--policies", 10, "Policies beside the one that collects the data, each further away.");
    private readonly Option<string> _ladder = new("--ladder")
    {
        Description =
            $"How they move away: '{Perturbed}' by noise on the policy's weights, a direction each; '{Optimized}' by further optimization on the run's " +
                "data, as in the paper.",
        DefaultValueFactory = _ => Perturbed,
    };

    private readonly Option<double?> _noise = RealOption.Create("--noise", "Noise of the last perturbed policy, in units of its weights. Default: 0.2.");
    private readonly Option<int> _updates = DiagnoseCommand.Number(
        "--updates", 1000, "Policy updates by which the last optimized policy has been optimized further.");
    private readonly Option<int> _test = DiagnoseCommand.Number("--test", 2000, "Fresh transitions of each policy on which the models are measured.");
    private readonly Option<int> _fitSteps = DiagnoseCommand.Number(
        "--fit-steps", 3000, "Optimizer steps of a model's fit, where early stopping does not end it before.");
    private readonly Option<int> _patience = DiagnoseCommand.Number(
        "--patience", 50, "Epochs without improvement after which a fit ends: of few transitions an epoch is a few steps.");
    private readonly Option<double?> _largest = RealOption.Create(
        "--largest-shift", "Policy shift up to which lines are fitted, each through the error under the policy that collected the data. Default: 0.5.");
    private readonly Option<string?> _environment = EnvironmentOption.Create();
    private readonly PictureOption _out = new("generalization.png");

    public static Command Create(ToolConsole console)
    {
        var parts = new GeneralizationCommand();
        var command = new Command(
            "generalization", "The model's error against the policy's shift for several amounts of data, and the slope against the amount.")
        {
            parts._runs, parts._task, parts._seeds, parts._steps, parts._preset, parts._set, parts._sizes, parts._policies, parts._ladder, parts._noise,
            parts._updates, parts._test, parts._fitSteps, parts._patience, parts._largest, parts._environment, parts._out.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = _out.Read(parsed);
        var sizes = Sizes(parsed.GetValue(_sizes)!);
        parsed.AtLeast(1, _policies);
        parsed.AtLeast(1, _updates);
        parsed.AtLeast(1, _fitSteps);
        parsed.AtLeast(0, _patience);
        if (parsed.GetValue(_ladder) is not (Perturbed or Optimized))
            throw new UsageException($"--ladder is '{parsed.GetValue(_ladder)}', but must be '{Perturbed}' or '{Optimized}'.");
        var (noise, largest) = (parsed.GetValue(_noise) ?? DefaultNoise, parsed.GetValue(_largest) ?? DefaultLargestShift);
        if (noise is not (> 0 and < double.PositiveInfinity)) throw new UsageException($"--noise is {RealOption.Text(noise)}, but must be a number above 0.");
        if (largest is not (> 0 and <= 1)) throw new UsageException($"--largest-shift is {RealOption.Text(largest)}, but must be above 0 and at most 1.");
        var folders = Folders(parsed, file, console, out var code);
        if (code != ExitCodes.Success) return code;
        var studies = new List<IReadOnlyList<GeneralizationCurve>>();
        foreach (var folder in folders)
        {
            studies.Add(Study(folder, sizes, parsed, console));
        }

        RunOptions[] runs = [.. folders.Select(folder => RunOptions.Read(folder.Options, TaskList.Catalog))];
        double[] discounts = [.. runs.Select(run => run.Settings.Discount).Distinct()];
        var pictures = new GeneralizationPictures(runs[0].Task.Name, studies, largest, discounts is [var discount] ? discount : null);
        PictureOption.Save(pictures.ErrorAgainstShift(), file, console);
        if (!pictures.HasLines)
            throw new RunDataException(
                $"No lines are fitted: of one run or more, no policy but the collecting one has a shift of at most {RealOption.Text(largest)}. Move them " +
                    "less far, by less --noise or fewer --updates, or give a larger --largest-shift.");
        PictureOption.Save(pictures.SlopeAgainstSize(), PictureOption.With(file, "slope"), console);
        console.Rich.Write(pictures.Table());
        return ExitCodes.Success;
    }

    private IReadOnlyList<GeneralizationCurve> Study(RunFolder folder, IReadOnlyList<int> sizes, ParseResult parsed, ToolConsole console)
    {
        using var run = OpenedRun.Newest(folder, TaskList.Catalog, parsed.GetValue(_environment));
        var policies = Ladder(run, parsed);
        try
        {
            var dynamics = run.Options.MbpoSettings.Dynamics;
            (dynamics.Workers, dynamics.MaxOptimizerSteps, dynamics.Patience) =
                (Math.Min(2, System.Environment.ProcessorCount), parsed.GetValue(_fitSteps), parsed.GetValue(_patience));
            var options = new GeneralizationOptions
            {
                TrainingSizes = sizes,
                TestTransitions = parsed.GetValue(_test),
                Dynamics = dynamics,
                Seed = run.Options.Seed,
                Progress = new CurveLines(folder, console)
            };
            return DiagnoseCommand.Ask(() => new MLContext(run.Options.Seed).Reinforcement().Diagnostics.Generalization(run.Environment, policies, options));
        }
        finally
        {
            foreach (PolicyTransformer policy in policies) policy.Dispose();
        }
    }

    // First the policy that collects the data, then others ever further away.
    private IReadOnlyList<PolicyTransformer> Ladder(OpenedRun run, ParseResult parsed)
    {
        var count = parsed.GetValue(_policies);
        double[] rungs = [.. Enumerable.Range(0, count + 1).Select(policy => policy / (double)count)];
        if (parsed.GetValue(_ladder) == Perturbed)
            return [.. rungs.Select((rung, policy) => run.Snapshot.Policy.Perturb(rung * (parsed.GetValue(_noise) ?? DefaultNoise), policy))];
        // Close together at first: a policy moves fastest when it begins to.
        return run.Snapshot.OptimizeFurther([.. rungs.Select(rung => (int)Math.Round(parsed.GetValue(_updates) * rung * rung))]);
    }

    private IReadOnlyList<RunFolder> Folders(ParseResult parsed, string file, ToolConsole console, out int code)
    {
        code = ExitCodes.Success;
        var given = parsed.GetValue(_runs)!;
        if (given.Length > 0 && parsed.GetValue(_task) is not null) throw new UsageException("Name runs or a --task, not both.");
        if (given.Length > 0) return RunFolders.OfOneTask(given, TaskList.Catalog);
        if (parsed.GetValue(_task) is not { } name)
            throw new UsageException("Name runs, or a task with --task, as in 'mbpo diagnose generalization --task Pendulum'.");
        var task = TaskList.Named(name);
        (RunFolder Folder, RunOptions Options)[] runs = [.. SeedList.Parse(parsed.GetValue(_seeds)!).Select(seed => (
            new RunFolder(Path.Combine($"{Path.ChangeExtension(file, null)}-runs", Invariant($"seed-{seed}"))), Options(parsed, task, seed)))];
        using var taken = new Disposables<TakenRun>(TakenRun.Prepare(runs, TaskList.Catalog));
        code = RunSet.Run(taken.All, System.Environment.ProcessorCount, console);
        return [.. runs.Select(run => run.Folder)];
    }

    private RunOptions Options(ParseResult parsed, TrainingTask task, int seed)
    {
        var options = RunOptions.Of(task, parsed.GetValue(_preset), Algorithm.Named("mbpo"), seed);
        RunOptionSet.UseWorkers(options, 1);
        options.Settings.TrainerOptions.Steps = parsed.GetValue(_steps) ?? options.Settings.TrainerOptions.Steps / PartOfRun;
        foreach (var assignment in parsed.GetValue(_set)!) options.Set(assignment);
        return options;
    }

    private static int[] Sizes(string text)
    {
        int[] sizes = [.. text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 2
            ? size : throw new UsageException($"--sizes is '{text}', but must be whole numbers from 2, as in 1000,5000,20000."))];
        return sizes.Distinct().Count() == sizes.Length ? sizes : throw new UsageException($"--sizes is '{text}', but no number may be there twice.");
    }

    // Fits take minutes where there is much data.
    private sealed class CurveLines(RunFolder folder, ToolConsole console) : IProgress<GeneralizationCurve>
    {
        public void Report(GeneralizationCurve value) => console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{folder.Path}: model of {value.TrainingSize:N0} transitions, error {value.Points[0].Error.MeanTotalVariation:F3} under the policy that " +
                $"collected them, up to {value.Points.Max(point => point.Error.MeanTotalVariation):F3} under the {value.Points.Count - 1} others"));
    }
}
