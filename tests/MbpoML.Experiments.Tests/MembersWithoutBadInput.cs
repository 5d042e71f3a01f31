namespace MbpoML.Experiments.Tests;

/// <summary>Public members that cannot be given anything bad, and why.</summary>
internal static class MembersWithoutBadInput
{
    private const string Text = "an exception says any text";
    private const string Flow = "nothing is given to it; the options that it refuses are those of RunSpecTests";
    private const string Spec = "RunSpec.Resolve refuses what cannot be, as RunSpecTests show";
    private const string EndsOnce = "it may be called at any time and twice";
    private const string Parts = "a record of a program's own parts, which are used as they are given";
    private const string Inner = "RunAsync checks what it is given";
    private const string Result = "a record of results, which the library makes and only reads out";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["RunFolderException.*"] = Text,
        ["RunInUseException.*"] = Text,
        ["RunSpecException.*"] = Text,
        ["RunDataException.*"] = Text,
        ["RunReport.Status"] = Result,
        ["RunReport.Steps"] = Result,
        ["RunReport.WallClockSeconds"] = Result,
        ["RunReport.LastReturn"] = Result,
        ["RunReport.Failure"] = Result,
        ["RunReport.Sessions"] = Result,
        ["RunSession.*"] = Result,
        ["RunOptions.Check()"] = Flow,
        ["RunOptions.WithSeed(int)"] = "every integer is a seed",
        ["RunSpec.Equals(RunSpec)"] = "anything may be compared",
        ["RunSpec.Task"] = Spec,
        ["RunSpec.Environment"] = Spec,
        ["RunSpec.TimeLimit"] = Spec,
        ["RunSpec.Preset"] = Spec,
        ["RunSpec.Algorithm"] = Spec,
        ["RunSpec.Seed"] = Spec,
        ["RunSpec.Assignments"] = Spec,
        ["RunSpec.Label"] = Spec,
        ["RunSpec.Logged"] = Spec,
        ["TakenRun.Dispose()"] = EndsOnce,
        ["OpenedRun.Dispose()"] = EndsOnce,
        ["TrainedPolicy.Dispose()"] = EndsOnce,
        ["Algorithm(string, string, string, Func<MbpoPreset, AlgorithmPreset>)"] = Parts,
        ["NamedPreset.*"] = Parts,
        ["PublishedReturns.*"] = Parts,
        ["TrainingTask(string, string, int, int, Func<IEnvironment>, IReadOnlyList<NamedPreset>, string)"] = Parts,
        ["TrainingTask.Environment"] = Parts,
        ["TrainingTask.TimeLimit"] = Parts,
        ["TrainingTask.EnvironmentType"] = Parts,
        ["TrainingTask.Published"] = Parts,
        ["RunEvaluation.*"] = Result,
        ["TaskRuns(string, IReadOnlyList<RecordedRun>, IReadOnlyList<PublishedReturns>, double?)"] = Result,
        ["ReturnReportOptions.PictureOf"] = "null is for no pictures",
        ["ReturnReportOptions.CommandOf"] = "null is for no commands",
        ["TrainingTask.Threshold"] = Parts,
        ["RecordedRun.Place"] = Result,
        ["RecordedRun.Task"] = Result,
        ["RecordedRun.Algorithm"] = Result,
        ["RecordedRun.Label"] = Result,
        ["RecordedRun.Settings"] = Result,
        ["RecordedRun.Seed"] = Result,
        ["RecordedRun.Evaluations"] = Result,
        ["RecordedRun.Steps"] = Result,
        ["RecordedRun.PlannedSteps"] = Result,
        ["RecordedRun.Seconds"] = Result,
        ["RecordedRun.Machines"] = Result,
        ["RecordedRun.IsFinished"] = Result,
        ["ChildProcessExecutor.ExecuteAsync(TakenRun, IProgress<RunEvent>, CancellationToken)"] = Inner,
        ["InProcessExecutor.ExecuteAsync(TakenRun, IProgress<RunEvent>, CancellationToken)"] = Inner,
        ["LocalRunExecutor.ExecuteAsync(TakenRun, IProgress<RunEvent>, CancellationToken)"] = Inner,
        ["LocalRunExecutor(TaskCatalog)"] = "the executors that derive from it have rows",
        ["IRunExecutor.*"] = "an interface that users implement",
        ["RunEvent.*"] = Result,
        ["RunStarted.*"] = Result,
        ["RunProgressed.*"] = Result,
        ["RunEpochEnded.*"] = Result,
        ["RunWarned.*"] = Result,
        ["RunEnded.*"] = Result,
        ["RunOutcome(RunStatus, int, double, double?, string)"] = Result,
        ["RunOutcome.IsCrash"] = Result,
        ["RunOutcome.IsRefusal"] = Result,
        ["WorkerProgram(string, IReadOnlyList<string>)"] = "a program that is not there is said when it is started, as ChildProcessExecutorTests show",
        ["ActionDistance.*"] = Result,
        ["LogFile(IReadOnlyList<float[]>, IReadOnlyList<float[]>, IReadOnlyList<double>, IReadOnlyList<float[]>, IReadOnlyList<bool?>)"] = Result,
        ["LogFile.ToTransitions()"] = "a cell that says neither is told when the row is read",
        ["Ablation.*"] = Parts,
        ["AblationReport.*"] = Result,
        ["AblationVariant.*"] = Parts,
    };
}
