using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tasks;
using MbpoML.Training.Metrics;

namespace MbpoML.Experiments.Tests.Studies;

/// <summary>Trains nothing: each run evaluates at once to what a function of its options says, at every fifty steps.</summary>
/// <param name="value">The return of a run at a number of steps; null for a failure.</param>
internal sealed class PlantedExecutor(Func<RunOptions, int, double?> value) : LocalRunExecutor(TaskCatalog.Analytic)
{
    private const int Every = 50;

    /// <summary>The runs in the order in which they were trained, with their steps.</summary>
    public List<(string Run, int Steps)> Trained { get; } = [];

    /// <summary>Is called before each run.</summary>
    public Action? Before { get; init; }

    protected override Task<RunOutcome> ExecuteAsync(TakenRun run, IProgress<RunEvent>? events, CancellationToken cancellationToken)
    {
        Before?.Invoke();
        var options = RunOptions.Read(run.Folder.Options, Tasks);
        var steps = options.Settings.TrainerOptions.Steps;
        lock (Trained) Trained.Add(($"{Path.GetFileName(Path.GetDirectoryName(run.Folder.Path))}/{run.Folder.Name}", steps));
        if (cancellationToken.IsCancellationRequested) return End(run, RunStatus.Interrupted, 0, null);
        if (value(options, steps) is null) return End(run, RunStatus.Failed, 0, "It failed as planted.");
        // Whole at once, whatever an earlier stretch wrote.
        File.WriteAllLines(run.Folder.Metrics, Enumerable.Range(1, steps / Every).Select(epoch => Line(options, epoch * Every)));
        Directory.CreateDirectory(run.Folder.Checkpoints);
        File.WriteAllText(Path.Combine(run.Folder.Checkpoints, "step-000000000050.checkpoint"), "");
        return End(run, RunStatus.Finished, steps, null);
    }

    private string Line(RunOptions options, int step) =>
        FormattableString.Invariant($"{{\"step\":{step},\"{MetricNames.EvaluationReturnMean}\":{value(options, step):R},\"{MetricNames.TotalSeconds}\":1}}");

    private static Task<RunOutcome> End(TakenRun run, RunStatus status, int steps, string? failure)
    {
        new RunReport { Status = status, Steps = steps, Failure = failure }.Write(run.Folder.Report);
        return Task.FromResult(RunOutcome.Of(run.Folder));
    }
}
