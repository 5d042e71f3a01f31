using MbpoML.Acting;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Experiments.Ablations;
using MbpoML.Experiments.Comparisons;
using MbpoML.Experiments.Evaluations;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Reports.Verdicts;
using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tasks;
using MbpoML.Experiments.Tests.Reports;
using MbpoML.Tests;
using MbpoML.Tests.BadInput;
using MbpoML.Training;
using TorchSharp;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Experiments.Tests;

/// <summary>
/// Whatever a caller may give to the package MbpoML.Experiments that cannot be right is refused, with the documented exception that names the argument and the
/// value.
/// </summary>
[Category("Text")]
public class BadInputTests
{
    private const string Create = "Algorithm.CreateTrainer(ReinforcementCatalog, IEnvironment, AlgorithmPreset)";
    private const string ToMarkdown = "ReturnReport.ToMarkdown(IReadOnlyList<TaskRuns>, ReturnReportOptions)";
    private const string Pixels = "TaskCatalog.Pixels(string, string, FrameShape, Func<IEnvironment>, int, string, double, double)";
    private const string Restore = "Study.Restore(string, IReadOnlyList<string>, TaskCatalog, IStudySampler)";
    private const string Tell = "Study.Tell(StudyLook, IReadOnlyList<StudyRunResult>)";
    private const string ResultOf = "Study.ResultOf(RunFolder, int, RunOutcome, TaskCatalog)";
    private const string Propose = "Propose(IReadOnlyList<StudyParameter>, int, int, IReadOnlyList<StudyObservation>)";
    private const string Begin = "RunFolder.Begin(RunDescription)";

    private static ReinforcementCatalog Rl { get; } = new Microsoft.ML.MLContext(seed: 1).Reinforcement();

    private static TaskCatalog Tasks => TaskCatalog.Analytic;

    private static FrameShape Small { get; } = new(1, 8, 8);

    private static Func<IEnvironment> Line { get; } = () => new LineEnvironment();

    private static IReadOnlyCollection<BadCase> Table =>
    [
        Bad<ArgumentNullException>(
            "VerdictReport.Write(JudgeReport, string, string)", "no report", () => VerdictReport.Write(null!, "never", "title"), "report"),
        Bad<ArgumentNullException>(
            "VerdictReport.Write(JudgeReport, string, string)", "no folder", () => VerdictReport.Write(PlantedVerdict.Report, null!, "title"), "folder"),
        Bad<ArgumentException>(
            "VerdictReport.Write(JudgeReport, string, string)", "a blank folder", () => VerdictReport.Write(PlantedVerdict.Report, " ", "title"), "folder"),
        Bad<ArgumentNullException>(
            "VerdictReport.Write(JudgeReport, string, string)", "no title", () => VerdictReport.Write(PlantedVerdict.Report, "never", null!), "title"),
        Bad<ArgumentNullException>("RunFolder(string)", "no path", () => _ = new RunFolder(null!), "path"),
        Bad<ArgumentNullException>("RunFolder.For(string, string, string)", "no path", () => RunFolder.For(null!), "path"),
        Bad<ArgumentException>("RunFolder.For(string, string, string)", "a blank path", () => RunFolder.For(" "), "path"),
        Bad<ArgumentException>("RunFolder.For(string, string, string)", "a blank task", () => RunFolder.For("run", task: ""), "task"),
        Bad<ArgumentException>("RunFolder.For(string, string, string)", "a blank label", () => RunFolder.For("run", label: " "), "label"),
        Bad<ArgumentNullException>(Begin, "no run", () => ((IRunRecord)RunFolder.For("run")).Begin(null!), "run"),
        Bad<RunFolderException>(Begin, "a folder with a run", () => InFolder(folder =>
        {
            TinyRun.Spec.Resolve(Tasks).Write(folder["options.json"]);
            ((IRunRecord)RunFolder.For(folder.FullName)).Begin(Run());
        }), "There is a run in", "already. Name another folder"),
        Bad<RunFolderException>(Begin, "a folder with something else", () => InFolder(folder =>
        {
            File.WriteAllText(folder["metrics.jsonl"], "mine");
            ((IRunRecord)RunFolder.For(folder.FullName)).Begin(Run());
        }), "metrics.jsonl' is there, which a run would write over"),
        Bad<RunInUseException>(Begin, "a folder in use", () => InFolder(folder =>
        {
            using var turn = TakenRun.Claim(new RunFolder(folder["run"]));
            ((IRunRecord)RunFolder.For(folder["run"])).Begin(Run());
        }), "is in use: another process"),
        Bad<ArgumentException>("TaskCatalog(IReadOnlyList<TrainingTask>)", "no task in it", () => _ = new TaskCatalog([]), "tasks is empty"),
        Bad<ArgumentException>("TaskCatalog(IReadOnlyList<TrainingTask>)", "a name twice", () => _ = new TaskCatalog([Tasks.Tasks[0], Tasks.Tasks[0]]),
            "'Pendulum' 2 times"),
        Bad<RunSpecException>("TaskCatalog.Load(string, string, int?)", "no assembly", () => TaskCatalog.Load("nowhere.dll"),
            "There is no assembly 'nowhere.dll'"),
        Bad<RunSpecException>("TrainingTask.Preset(string)", "no preset", () => Tasks.Tasks[0].Preset("slow"), "'slow'", "tuned, fast"),
        Bad<ArgumentException>("SeedSpread.Mean(IReadOnlyList<IReadOnlyList<double>>)", "an empty list", () => SeedSpread.Mean([]), "runs is empty"),
        Bad<ArgumentException>("SeedSpread.Deviation(IReadOnlyList<double>)", "an empty list", () => SeedSpread.Deviation(Array.Empty<double>()),
            "values is empty"),
        Bad<RunSpecException>("SeedList.Parse(string)", "no number", () => SeedList.Parse("1,x"), "'1,x' are no seeds"),
        Bad<RunSpecException>("RunFolders.Existing(string)", "no run", () => RunFolders.Existing("nowhere"), "'nowhere' is no run"),
        Bad<RunSpecException>("RunOptions.Read(string, TaskCatalog)", "no file", () => RunOptions.Read("nowhere.json", Tasks), "nowhere.json"),
        Bad<RunDataException>("OpenedRun.Newest(RunFolder, TaskCatalog, string)", "no checkpoint", () => OpenedRun.Newest(new RunFolder("nowhere"), Tasks),
            "'nowhere' has no checkpoint"),
        Bad<RunDataException>("TrainedPolicy.Of(RunFolder, TaskCatalog, string)", "no policy", () => TrainedPolicy.Of(new RunFolder("nowhere"), Tasks),
            "'nowhere' has no policy yet"),
        Bad<ArgumentNullException>("RunFolders.Existing(string)", "no path", () => RunFolders.Existing(null!), "path"),
        Bad<ArgumentNullException>("RunFolders.All(IReadOnlyList<string>, Action<string>)", "no paths", () => RunFolders.All(null!), "paths"),
        Bad<ArgumentNullException>("RunFolders.OfOneTask(IReadOnlyList<string>, TaskCatalog)", "no paths", () => RunFolders.OfOneTask(null!, Tasks), "paths"),
        Bad<ArgumentNullException>("RunFolders.OfOneTask(IReadOnlyList<string>, TaskCatalog)", "no tasks", () => RunFolders.OfOneTask([], null!), "tasks"),
        Bad<ArgumentNullException>("RunOptions.CheckGoesOn(RunFolder)", "no folder", () => Options.CheckGoesOn(null!), "folder"),
        Bad<ArgumentNullException>("RunOptions.IsFinishedIn(RunFolder)", "no folder", () => Options.IsFinishedIn(null!), "folder"),
        Bad<ArgumentNullException>(
            "RunOptions.Of(TrainingTask, string, Algorithm, int)", "no task", () => RunOptions.Of(null!, null, Algorithm.All[0], 1), "task"),
        Bad<ArgumentNullException>(
            "RunOptions.Of(TrainingTask, string, Algorithm, int)", "no algorithm", () => RunOptions.Of(Tasks.Tasks[0], null, null!, 1), "algorithm"),
        Bad<ArgumentNullException>("RunOptions.In(TrainingTask)", "no task", () => Options.In(null!), "task"),
        Bad<ArgumentNullException>("RunOptions.IsSameRun(RunOptions)", "no other", () => Options.IsSameRun(null!), "other"),
        Bad<ArgumentNullException>("RunOptions.Set(string)", "no assignment", () => Options.Set(null!), "assignment"),
        Bad<ArgumentNullException>("RunOptions.Read(string, TaskCatalog)", "no path", () => RunOptions.Read(null!, Tasks), "path"),
        Bad<ArgumentNullException>("RunOptions.Read(string, TaskCatalog)", "no tasks", () => RunOptions.Read("a", null!), "tasks"),
        Bad<ArgumentNullException>("RunOptions.Open(string, TaskCatalog, string)", "no path", () => RunOptions.Open(null!, Tasks), "path"),
        Bad<ArgumentNullException>("RunOptions.Open(string, TaskCatalog, string)", "no tasks", () => RunOptions.Open("a", null!), "tasks"),
        Bad<ArgumentNullException>("RunOptions.Write(string)", "no path", () => Options.Write(null!), "path"),
        Bad<ArgumentNullException>("RunSpec.Resolve(TaskCatalog)", "no tasks", () => TinyRun.Spec.Resolve(null!), "tasks"),
        Bad<ArgumentNullException>("SeedList.Parse(string)", "no text", () => SeedList.Parse(null!), "text"),
        Bad<ArgumentNullException>("TakenRun.Claim(RunFolder)", "no folder", () => TakenRun.Claim((RunFolder)null!), "folder"),
        Bad<ArgumentNullException>("TakenRun.Claim(IReadOnlyList<RunFolder>)", "no folders", () => TakenRun.Claim((IReadOnlyList<RunFolder>)null!), "folders"),
        Bad<ArgumentNullException>("TakenRun.Take(RunFolder)", "no folder", () => TakenRun.Take((RunFolder)null!), "folder"),
        Bad<ArgumentNullException>("TakenRun.Take(IReadOnlyList<RunFolder>)", "no folders", () => TakenRun.Take((IReadOnlyList<RunFolder>)null!), "folders"),
        Bad<ArgumentNullException>(
            "TakenRun.Prepare(IReadOnlyList<ValueTuple<RunFolder, RunOptions>>, TaskCatalog)", "no runs", () => TakenRun.Prepare(null!, Tasks), "runs"),
        Bad<ArgumentNullException>(
            "TakenRun.Prepare(IReadOnlyList<ValueTuple<RunFolder, RunOptions>>, TaskCatalog)", "no tasks", () => TakenRun.Prepare([], null!), "tasks"),
        Bad<ArgumentNullException>(Create, "no catalog", () => Algorithm.CreateTrainer(null!, new PendulumEnvironment(), new MbpoPreset()), "rl"),
        Bad<ArgumentNullException>(Create, "no environment", () => Algorithm.CreateTrainer(Rl, null!, new MbpoPreset()), "environment"),
        Bad<ArgumentNullException>(Create, "no settings", () => Algorithm.CreateTrainer(Rl, new PendulumEnvironment(), null!), "settings"),
        Bad<ArgumentNullException>("Algorithm.Named(string)", "no name", () => Algorithm.Named(null!), "name"),
        Bad<ArgumentNullException>("TaskCatalog(IReadOnlyList<TrainingTask>)", "no tasks", () => _ = new TaskCatalog(null!), "tasks"),
        Bad<ArgumentNullException>("TaskCatalog.Named(string)", "no name", () => Tasks.Named(null!), "name"),
        Bad<ArgumentNullException>("TaskCatalog.Load(string, string, int?)", "no reference", () => TaskCatalog.Load(null!), "reference"),
        Bad<ArgumentException>(Pixels, "a blank name", () => TaskCatalog.Pixels(" ", "", Small, Line, 5, ""), "name"),
        Bad<ArgumentNullException>(Pixels, "no name", () => TaskCatalog.Pixels(null!, "", Small, Line, 5, ""), "name"),
        Bad<ArgumentOutOfRangeException>(Pixels, "a weight below 0", () => TaskCatalog.Pixels("Mine", "", Small, Line, 5, "", -1), "rewardScale", "-1"),
        Bad<ArgumentOutOfRangeException>(Pixels, "nats below 0", () => TaskCatalog.Pixels("Mine", "", Small, Line, 5, "", 1, -2), "freeNats", "-2"),
        Bad<ArgumentNullException>(Pixels, "no summary", () => TaskCatalog.Pixels("Mine", null!, Small, Line, 5, ""),
            "summary"),
        Bad<ArgumentNullException>(Pixels, "no optimum", () => TaskCatalog.Pixels("Mine", "", Small, Line, 5, null!),
            "optimum"),
        Bad<ArgumentNullException>(Pixels, "no environment", () => TaskCatalog.Pixels("Mine", "", Small, null!, 5, ""), "create"),
        Bad<ArgumentOutOfRangeException>(Pixels, "no episodes", () => TaskCatalog.Pixels("Mine", "", Small, Line, 0, ""),
            "episodes"),
        Bad<ArgumentOutOfRangeException>(Pixels, "two channels", () => TaskCatalog.Pixels("Mine", "", new FrameShape(2, 8, 8), Line, 5, ""),
            "shape", "2x8x8"),
        Bad<ArgumentNullException>("NamedPreset.For(Algorithm)", "no algorithm", () => Tasks.Tasks[0].Presets[0].For(null!), "algorithm"),
        Bad<ArgumentNullException>("TrainingTask.Preset(string)", "no name", () => Tasks.Tasks[0].Preset(null!), "name"),
        Bad<ArgumentNullException>("RecordedRun.Read(RunFolder, TaskCatalog)", "no folder", () => RecordedRun.Read(null!, Tasks), "folder"),
        Bad<ArgumentNullException>("RecordedRun.Read(RunFolder, TaskCatalog)", "no tasks", () => RecordedRun.Read(new RunFolder("a"), null!), "tasks"),
        Bad<ArgumentNullException>(ToMarkdown, "no tasks", () => ReturnReport.ToMarkdown(null!), "tasks"),
        Bad<ArgumentNullException>(ToMarkdown, "a task that is null", () => ReturnReport.ToMarkdown([null!]), "tasks"),
        Bad<ArgumentOutOfRangeException>("ReturnReportOptions.Every", "0", () => Report(new ReturnReportOptions { Every = 0 }), "Every", "0"),
        Bad<ArgumentNullException>("ReturnReportOptions.Published", "null", () => Report(new ReturnReportOptions { Published = null! }), "Published"),
        Bad<ArgumentNullException>("ReturnReportOptions.ThresholdOf", "null", () => Report(new ReturnReportOptions { ThresholdOf = null! }), "ThresholdOf"),
        Bad<ArgumentNullException>("CurveFile.Write(string, RecordedRun)", "no path", () => CurveFile.Write(null!, SomeRuns.Run(1)), "path"),
        Bad<ArgumentNullException>("CurveFile.Write(string, RecordedRun)", "no run", () => CurveFile.Write("never.csv", null!), "run"),
        Bad<RunDataException>(
            "CurveFile.Write(string, RecordedRun)", "no evaluation", () => CurveFile.Write("never.csv", SomeRuns.Run(1)), "runs/seed-1", "has not evaluated"),
        Bad<ArgumentNullException>("CurveFile.Read(string)", "no path", () => CurveFile.Read(null!), "path"),
        Bad<FileNotFoundException>("CurveFile.Read(string)", "no such file", () => CurveFile.Read("missing.csv"), "missing.csv"),
        Bad<ArgumentNullException>(
            "CurveFolder.Write(string, IReadOnlyList<TaskRuns>)", "no folder", () => CurveFolder.Write(null!, []), "folder"),
        Bad<ArgumentNullException>("CurveFolder.Write(string, IReadOnlyList<TaskRuns>)", "no tasks", () => CurveFolder.Write("never", null!), "tasks"),
        Bad<ArgumentNullException>(
            "CurveFolder.Write(string, IReadOnlyList<TaskRuns>)", "a task that is null", () => CurveFolder.Write("never", [null!]), "tasks"),
        Bad<ArgumentNullException>("ReturnReport.RequirePlace(string)", "no page", () => ReturnReport.RequirePlace(null!), "page"),
        Bad<ArgumentNullException>("ReturnReport.WriteInto(string, string)", "no page", () => ReturnReport.WriteInto(null!, "a"), "page"),
        Bad<ArgumentNullException>("ReturnReport.WriteInto(string, string)", "no report", () => ReturnReport.WriteInto("a", null!), "report"),
        Bad<ArgumentNullException>("SeedSpread.Mean(IReadOnlyList<IReadOnlyList<double>>)", "no runs", () => SeedSpread.Mean(null!), "runs"),
        Bad<ArgumentNullException>("SeedSpread.Deviation(IReadOnlyList<IReadOnlyList<double>>)", "no runs",
            () => SeedSpread.Deviation((IReadOnlyList<IReadOnlyList<double>>)null!), "runs"),
        Bad<ArgumentNullException>(
            "SeedSpread.Deviation(IReadOnlyList<double>)", "no values", () => SeedSpread.Deviation((IReadOnlyList<double>)null!), "values"),
        Bad<ArgumentNullException>(
            "TaskRuns.Read(IReadOnlyList<string>, TaskCatalog, Action<string>)", "no paths", () => TaskRuns.Read(null!, Tasks, _ => { }), "paths"),
        Bad<ArgumentNullException>(
            "TaskRuns.Read(IReadOnlyList<string>, TaskCatalog, Action<string>)", "no tasks", () => TaskRuns.Read([], null!, _ => { }), "tasks"),
        Bad<ArgumentNullException>(
            "TaskRuns.Read(IReadOnlyList<string>, TaskCatalog, Action<string>)", "no remark", () => TaskRuns.Read([], Tasks, null!), "remark"),
        Bad<ArgumentNullException>(
            "ChildProcessExecutor(TaskCatalog, WorkerProgram)", "no tasks", () => _ = new ChildProcessExecutor(null!, TinyRun.Tool), "tasks"),
        Bad<ArgumentNullException>(
            "ChildProcessExecutor(TaskCatalog, WorkerProgram)", "no program", () => _ = new ChildProcessExecutor(Tasks, null!), "program"),
        Bad<ArgumentNullException>("InProcessExecutor(TaskCatalog, TimeProvider)", "no tasks", () => _ = new InProcessExecutor(null!), "tasks"),
        Bad<ArgumentNullException>("LocalRunExecutor.RunAsync(RunSpec, RunFolder, IProgress<RunEvent>, CancellationToken)", "no spec",
            () => Executor.RunAsync(null!, new RunFolder("a")), "spec"),
        Bad<ArgumentNullException>("LocalRunExecutor.RunAsync(RunSpec, RunFolder, IProgress<RunEvent>, CancellationToken)", "no folder",
            () => Executor.RunAsync(TinyRun.Spec, null!), "folder"),
        Bad<ArgumentNullException>("LocalRunExecutor.RunAsync(TakenRun, IProgress<RunEvent>, CancellationToken)", "no run",
            () => Executor.RunAsync(null!).GetAwaiter().GetResult(), "run"),
        Bad<ArgumentNullException>("RunBatch.RunAsync(LocalRunExecutor, IReadOnlyList<TakenRun>, int, IProgress<RunEvent>, CancellationToken)", "no executor",
            () => RunBatch.RunAsync(null!, [], 1).GetAwaiter().GetResult(), "executor"),
        Bad<ArgumentNullException>("RunBatch.RunAsync(LocalRunExecutor, IReadOnlyList<TakenRun>, int, IProgress<RunEvent>, CancellationToken)", "no runs",
            () => RunBatch.RunAsync(Executor, null!, 1).GetAwaiter().GetResult(), "runs"),
        Bad<ArgumentNullException>("RunEventLine.Write(RunEvent)", "no happened", () => RunEventLine.Write(null!), "happened"),
        Bad<ArgumentNullException>("RunEventLine.TryRead(string, RunEvent)", "no line", () => RunEventLine.TryRead(null!, out _), "line"),
        Bad<ArgumentNullException>("RunOutcome.Of(RunFolder)", "no folder", () => RunOutcome.Of(null!), "folder"),
        Bad<ArgumentNullException>("RunWorker.Run(RunFolder, TaskCatalog, Stream, TextWriter, TimeSpan?, CancellationToken)", "no folder",
            () => RunWorker.Run(null!, Tasks, Stream.Null, TextWriter.Null), "folder"),
        Bad<ArgumentNullException>("RunWorker.Run(RunFolder, TaskCatalog, Stream, TextWriter, TimeSpan?, CancellationToken)", "no tasks",
            () => RunWorker.Run(new RunFolder("a"), null!, Stream.Null, TextWriter.Null), "tasks"),
        Bad<ArgumentNullException>("RunWorker.Run(RunFolder, TaskCatalog, Stream, TextWriter, TimeSpan?, CancellationToken)", "no input",
            () => RunWorker.Run(new RunFolder("a"), Tasks, null!, TextWriter.Null), "input"),
        Bad<ArgumentNullException>("RunWorker.Run(RunFolder, TaskCatalog, Stream, TextWriter, TimeSpan?, CancellationToken)", "no output",
            () => RunWorker.Run(new RunFolder("a"), Tasks, Stream.Null, null!), "output"),
        Bad<ArgumentOutOfRangeException>("RunWorker.Run(RunFolder, TaskCatalog, Stream, TextWriter, TimeSpan?, CancellationToken)", "an interval below zero",
            () => RunWorker.Run(new RunFolder("a"), Tasks, Stream.Null, TextWriter.Null, TimeSpan.FromSeconds(-1)), "interval"),
        Bad<ArgumentNullException>("WorkerProgram.Of(Assembly, IReadOnlyList<string>)", "no program", () => WorkerProgram.Of(null!), "program"),
        Bad<ArgumentNullException>(
            "WorkerProgram.Of(Assembly, IReadOnlyList<string>)", "no arguments", () => WorkerProgram.Of(typeof(RunFolder).Assembly, null!), "arguments"),
        Bad<ArgumentNullException>("LogFile.Read(string, int, int)", "no path", () => LogFile.Read(null!, 1, 1), "path"),
        Bad<ArgumentNullException>("LoggedRun.Read(RunFolder, TaskCatalog, string)", "no folder", () => LoggedRun.Read(null!, Tasks), "folder"),
        Bad<ArgumentNullException>("LoggedRun.Read(RunFolder, TaskCatalog, string)", "no tasks", () => LoggedRun.Read(new RunFolder("a"), null!), "tasks"),
        Bad<ArgumentNullException>("OpenedRun.Newest(RunFolder, TaskCatalog, string)", "no folder", () => OpenedRun.Newest(null!, Tasks), "folder"),
        Bad<ArgumentNullException>("OpenedRun.Newest(RunFolder, TaskCatalog, string)", "no tasks", () => OpenedRun.Newest(new RunFolder("a"), null!), "tasks"),
        Bad<ArgumentNullException>("OpenedRun.All(RunFolder, TaskCatalog, string, int)", "no folder", () => OpenedRun.All(null!, Tasks), "folder"),
        Bad<ArgumentNullException>("OpenedRun.All(RunFolder, TaskCatalog, string, int)", "no tasks", () => OpenedRun.All(new RunFolder("a"), null!), "tasks"),
        Bad<ArgumentNullException>("TrainedPolicy.Of(RunFolder, TaskCatalog, string)", "no folder", () => TrainedPolicy.Of(null!, Tasks), "folder"),
        Bad<ArgumentNullException>("TrainedPolicy.Of(RunFolder, TaskCatalog, string)", "no tasks", () => TrainedPolicy.Of(new RunFolder("a"), null!), "tasks"),
        Bad<ArgumentNullException>("AblationList.Named(string)", "no name", () => AblationList.Named(null!), "name"),
        Bad<ArgumentNullException>(
            "DecisionTime.Measure(IPolicy, IEnvironment, int, TimeProvider)", "no policy", () => Measure(null, new PendulumEnvironment()), "policy"),
        Bad<ArgumentNullException>($"RandomSampler.{Propose}", "no space", () => new RandomSampler().Propose(null!, 0, 1, []), "space"),
        Bad<ArgumentNullException>($"RandomSampler.{Propose}", "no observations", () => new RandomSampler().Propose([], 0, 1, null!), "observations"),
        Bad<ArgumentNullException>($"CovarianceAdaptationSampler.{Propose}", "no observations",
            () => new CovarianceAdaptationSampler().Propose([], 0, 1, null!), "observations"),
        Bad<ArgumentNullException>("Study.Create(string, StudyOptions, TaskCatalog, IStudySampler)", "no folder", () => Study.Create(null!, null!), "folder"),
        Bad<ArgumentNullException>("Study.Open(string, TaskCatalog, IStudySampler)", "no folder", () => Study.Open(null!), "folder"),
        Bad<ArgumentException>("Study.Open(string, TaskCatalog, IStudySampler)", "a blank folder", () => Study.Open(""), "folder"),
        Bad<ArgumentNullException>("StudyExtensions.Study(ReinforcementCatalog, string, StudyOptions, TaskCatalog)", "no catalog",
            () => StudyExtensions.Study(null!, "study", null!), "rl"),
        Bad<ArgumentNullException>("StudyExtensions.Study(ReinforcementCatalog, string, StudyOptions, TaskCatalog)", "no folder",
            () => Rl.Study(null!, null!), "folder"),
        Bad<ArgumentException>("StudyExtensions.Study(ReinforcementCatalog, string, StudyOptions, TaskCatalog)", "a blank folder",
            () => Rl.Study(" ", null!), "folder"),
        Bad<ArgumentNullException>("AlgorithmComparison.RepeatOf(TrainingTask, TrainingTask)", "no task",
            () => AlgorithmComparison.RepeatOf(null!, TaskCatalog.Analytic.Tasks[0]), "task"),
        Bad<ArgumentNullException>("AlgorithmComparison.RepeatOf(TrainingTask, TrainingTask)", "no other",
            () => AlgorithmComparison.RepeatOf(TaskCatalog.Analytic.Tasks[0], null!), "seen"),
        Bad<ArgumentNullException>("StudyParameter.Parse(string)", "no text", () => StudyParameter.Parse(null!), "text"),
        Bad<ArgumentNullException>($"TreeParzenSampler.{Propose}", "no space", () => new TreeParzenSampler().Propose(null!, 0, 1, []), "space"),
        Bad<ArgumentNullException>($"TreeParzenSampler.{Propose}", "no observations", () => new TreeParzenSampler().Propose([], 0, 1, null!), "observations"),
        Bad<ArgumentNullException>($"CovarianceAdaptationSampler.{Propose}", "no space",
            () => new CovarianceAdaptationSampler().Propose(null!, 0, 1, []), "space"),
        Bad<ArgumentOutOfRangeException>("CovarianceAdaptationSampler.Generation(int)", "no parameter",
            () => new CovarianceAdaptationSampler().Generation(0), "parameters"),
        Bad<RunSpecException>("StudyParameter.Parse(string)", "no range", () => StudyParameter.Parse("A.B=1"), "neither a range nor a choice"),
        Bad<ArgumentOutOfRangeException>("StudyParameter.At(double)", "beyond the end", () => StudyParameter.Parse("A.B=1..2").At(1.5), "place"),
        Bad<ArgumentNullException>(
            "Study.Create(string, StudyOptions, TaskCatalog, IStudySampler)", "no options", () => Study.Create("study", null!), "options"),
        Bad<ArgumentException>("Study.Create(string, StudyOptions, TaskCatalog, IStudySampler)", "a blank folder", () => Study.Create(" ", null!), "folder"),
        Bad<RunSpecException>("Study.Open(string, TaskCatalog, IStudySampler)", "no study", () => Study.Open("nowhere"), "'nowhere' is no study"),
        Bad<ArgumentNullException>(Restore, "no folder", () => Study.Restore(null!, []), "folder"),
        Bad<ArgumentException>(Restore, "a blank folder", () => Study.Restore(" ", []), "folder"),
        Bad<ArgumentNullException>(Restore, "no journal", () => Study.Restore("study", null!), "journal"),
        Bad<RunDataException>(Restore, "an empty journal", () => Study.Restore("study", []), "does not begin"),
        Bad<RunDataException>(Restore, "a journal of something else", () => Study.Restore("study", ["nothing"]), "Line 1", "study"),
        Bad<ArgumentNullException>(Tell, "no look", () => InStudy(study => study.Tell(null!, [])), "look"),
        Bad<ArgumentNullException>(Tell, "no results", () => InStudy(study => study.Tell(study.Ask()!, null!)), "results"),
        Bad<ArgumentException>(Tell, "a look that was not asked for", () => InStudy(study => study.Tell(new StudyLook(0, []), [])), "told before"),
        Bad<ArgumentException>(Tell, "too few results", () => InStudy(study => study.Tell(study.Ask()!, [])), "0 results of 2 runs"),
        Bad<ArgumentNullException>("Study.OptionsOf(StudyRun)", "no run", () => InStudy(study => study.OptionsOf(null!)), "run"),
        Bad<ArgumentOutOfRangeException>(
            "Study.OptionsOf(StudyRun)", "no such trial", () => InStudy(study => study.OptionsOf(new StudyRun(7, 1, 100, false))), "no trial 7"),
        Bad<ArgumentNullException>("Study.FolderOf(StudyRun)", "no run", () => InStudy(study => study.FolderOf(null!)), "run"),
        Bad<ArgumentOutOfRangeException>(
            "Study.FolderOf(StudyRun)", "no such trial", () => InStudy(study => study.FolderOf(new StudyRun(-1, 1, 100, false))), "no trial -1"),
        Bad<ArgumentNullException>(ResultOf, "no folder", () => Study.ResultOf(null!, 1, Outcome, TaskCatalog.Analytic), "folder"),
        Bad<ArgumentNullException>(ResultOf, "no outcome", () => Study.ResultOf(new RunFolder("run"), 1, null!, TaskCatalog.Analytic), "outcome"),
        Bad<ArgumentNullException>(ResultOf, "no tasks", () => Study.ResultOf(new RunFolder("run"), 1, Outcome, null!), "tasks"),
        Bad<ArgumentNullException>("Study.Adopt(IReadOnlyList<string>)", "no journal", () => InStudy(study => study.Adopt(null!)), "journal"),
        Bad<RunSpecException>("Study.Adopt(IReadOnlyList<string>)", "another study's", () => InStudy(study => study.Adopt(["{}"])), "line 1", "is another one"),
        Bad<RunDataException>(
            "Study.Adopt(IReadOnlyList<string>)", "a line that is none", () => InStudy(study => study.Adopt([.. study.Journal, "nothing"])), "Line 2"),
        Bad<ArgumentNullException>("StudyExtensions.Study(ReinforcementCatalog, string, StudyOptions, TaskCatalog)", "no options",
            () => Rl.Study("study", null!), "options"),
        Bad<ArgumentNullException>(
            "Study.RunAsync(LocalRunExecutor, int, IProgress<RunEvent>, IProgress<StudyProgress>, CancellationToken)", "no executor", () => InFolder(folder =>
                Study.Create(folder["study"], new StudyOptions
                {
                    Run = TinyRun.Spec, Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")], Rungs = 1,
                }).RunAsync(null!).GetAwaiter().GetResult()), "executor"),
        Bad<ArgumentNullException>("DecisionTime.Measure(IPolicy, IEnvironment, int, TimeProvider)", "no environment", () => Measure(new StrangePolicy(), null),
            "environment"),
        Bad<InvalidOperationException>("DecisionTime.Measure(IPolicy, IEnvironment, int, TimeProvider)", "a policy that acts twice",
            () => Measure(new StrangePolicy(), new PendulumEnvironment()), "as the action of one observation"),
        Bad<ArgumentNullException>("RunReport.Read(string)", "no path", () => RunReport.Read(null!), "path"),
        Bad<ArgumentNullException>("RunReport.Write(string)", "no path", () => new RunReport { Status = RunStatus.Running }.Write(null!), "path"),
    ];

    private static RunOptions Options => TinyRun.Spec.Resolve(Tasks);

    private static InProcessExecutor Executor => new(Tasks);

    private static IEnumerable<TestCaseData> Rows => Table.Select(row => row.ToTest());

    [TestCaseSource(nameof(Rows))]
    public void It_is_refused(object row) => ((BadCase)row).Verify();

    [Test]
    public void Every_public_member_is_in_the_table() => SurfaceCoverage.Verify(typeof(RunFolder).Assembly, Table, MembersWithoutBadInput.Reasons);

    private static RunDescription Run() => new(new PendulumEnvironment(), 1, null, new Dictionary<string, string>(), "dynamics", "policy");

    private static void Report(ReturnReportOptions options) => ReturnReport.ToMarkdown([SomeRuns.Task(null, [], SomeRuns.Run(1, (1000, 5)))], options);

    private static void Measure(IPolicy? policy, IEnvironment? environment) => DecisionTime.Measure(policy!, environment!, 1);

    private static void InFolder(Action<TemporaryFolder> use)
    {
        using var folder = new TemporaryFolder();
        use(folder);
    }

    // Gives two actions for one observation.
    private sealed class StrangePolicy : IPolicy
    {
        public int ObservationSize => 3;

        public BoxSpace ActionSpace { get; } = new([-1], [1]);

        public Tensor Act(Tensor observation) => torch.zeros(2, 1);

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }

    private static RunOutcome Outcome => new(RunStatus.Finished, 1, 1, null, null);

    private static void InStudy(Action<Study> use) => InFolder(folder => use(Study.Create(folder["study"], new StudyOptions
    {
        Run = TinyRun.Spec,
        Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")],
        Trials = 1,
        Rungs = 1,
    })));
}
