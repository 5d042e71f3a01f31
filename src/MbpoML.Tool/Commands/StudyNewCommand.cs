using System.CommandLine;
using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tasks;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo study new</c>.</summary>
internal sealed class StudyNewCommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "A folder for the study; it need not be there." };
    private readonly Argument<string?> _task = new("task") { Description = "A task of 'mbpo tasks'.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _environment =
        EnvironmentOption.Create("An environment of your own in place of a task: assembly and type, as in bin/Release/net10.0/My.dll#My.ReactorEnvironment.");
    private readonly Option<string[]> _space = new("--space")
    {
        Description =
            "An option and its values, as in Policy.LearningRate=1e-4..1e-2 log, Trainer.UpdatesPerStep=1..20 or Policy.HiddenSizes=[64]|[256]. Quote it.",
        AllowMultipleArgumentsPerToken = true,
        Required = true,
    };

    private readonly Option<string?> _algorithm =
        new("--algorithm") { Description = $"One of {string.Join(", ", Algorithm.All.Select(algorithm => algorithm.Name))}. Default: mbpo." };
    private readonly Option<string?> _preset = new("--preset") { Description = "The settings to begin with. Default: the task's first." };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "An option of all trials.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string> _sampler = new("--sampler") { Description = "random, tpe or cma-es.", DefaultValueFactory = _ => "tpe" };
    private readonly Option<int> _trials = new("--trials") { Description = "The number of trials.", DefaultValueFactory = _ => 20 };
    private readonly Option<int> _seeds = new("--seeds") { Description = "Seeds of each trial, which count by their mean.", DefaultValueFactory = _ => 2 };
    private readonly Option<int?> _steps = new("--steps") { Description = "Real steps of a trial that is not stopped early. Default: the preset's." };
    private readonly Option<int?> _generation =
        new("--generation") { Description = "Trials that are proposed and compared together. Default: what the sampler needs, else 4." };
    private readonly Option<int> _rungs = new("--rungs") { Description = "Looks at a generation; 1: no trial is stopped early.", DefaultValueFactory = _ => 3 };
    private readonly Option<int> _reduction =
        new("--reduction") { Description = "At each look one of so many trials goes on, for so many times the steps.", DefaultValueFactory = _ => 3 };
    private readonly Option<int> _final = new("--final-seeds") { Description = "Fresh seeds of the best trial at the end.", DefaultValueFactory = _ => 5 };
    private readonly Option<int> _seed = new("--seed") { Description = "Decides the proposals.", DefaultValueFactory = _ => 1 };

    public static Command Create(ToolConsole console)
    {
        var parts = new StudyNewCommand();
        var command = new Command("new", "Begins a study: checks everything and writes the first line of its journal.")
        {
            parts._folder, parts._task, parts._environment, parts._space, parts._algorithm, parts._preset, parts._set, parts._sampler, parts._trials,
            parts._seeds, parts._steps, parts._generation, parts._rungs, parts._reduction, parts._final, parts._seed,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var (task, environment) = (parsed.GetValue(_task), parsed.GetValue(_environment));
        if (task is null == environment is null) throw new UsageException("Name a task, or an environment of your own with --environment.");
        var study = Study.Create(parsed.GetValue(_folder)!, new StudyOptions
        {
            Run = new RunSpec
            {
                Task = task,
                Environment = environment,
                Preset = parsed.GetValue(_preset),
                Algorithm = parsed.GetValue(_algorithm) ?? "mbpo",
                Assignments = parsed.GetValue(_set)!,
            },
            Space = [.. parsed.GetValue(_space)!.Select(StudyParameter.Parse)],
            Sampler = parsed.GetValue(_sampler)!,
            Trials = parsed.GetValue(_trials),
            SeedsPerTrial = parsed.GetValue(_seeds),
            Steps = parsed.GetValue(_steps),
            GenerationSize = parsed.GetValue(_generation),
            Rungs = parsed.GetValue(_rungs),
            Reduction = parsed.GetValue(_reduction),
            FinalSeeds = parsed.GetValue(_final),
            Seed = parsed.GetValue(_seed),
        }, TaskList.Catalog);
        console.Out.WriteLine(
            Invariant($"{study.Options.Trials} trials with {study.Options.SeedsPerTrial} seeds, looked at after {string.Join(", ", study.RungSteps)} steps: ") +
                Invariant($"{study.StepsInAll:N0} steps in all. Go on with: mbpo study run {ShellText.Quoted(study.Folder)}"));
        return ExitCodes.Success;
    }
}
