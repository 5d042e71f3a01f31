using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Studies;

/// <summary>The runs of a study, a folder for each trial and seed, and how they come to a number of steps.</summary>
/// <param name="folder">The folder of the study.</param>
/// <param name="tasks">The tasks that runs may name.</param>
internal sealed class StudyRuns(string folder, TaskCatalog tasks)
{
    // A process may be killed by the system when memory is short; what crashes each time fails.
    private const int Attempts = 3;

    /// <summary>The folder of a trial's run.</summary>
    public RunFolder Of(int trial, int seed) => new(Path.Combine(folder, Invariant($"trial-{trial:D3}"), Invariant($"seed-{seed}")));

    /// <summary>The folder of one of the winner's runs with a fresh seed.</summary>
    public RunFolder OfWinner(int trial, int seed) => new(Path.Combine(folder, Invariant($"winner-{trial:D3}"), Invariant($"seed-{seed}")));

    /// <summary>Trains runs up to their steps: new ones from the beginning, others from where they stopped.</summary>
    /// <param name="runs">Folders, and what the runs in them are.</param>
    /// <param name="executor">Trains them.</param>
    /// <param name="parallel">At most so many at a time.</param>
    /// <param name="events">Is told what happens; null for nobody.</param>
    /// <param name="cancellationToken">Stops them with a checkpoint.</param>
    /// <returns>How each of them stands, in their order.</returns>
    /// <exception cref="RunSpecException">In a folder is a run of other options.</exception>
    /// <exception cref="RunFolderException">In a folder is something else, or another process trains there.</exception>
    public async Task<IReadOnlyList<RunOutcome>> TrainAsync(
        IReadOnlyList<(RunFolder Folder, RunOptions Options)> runs, LocalRunExecutor executor, int parallel, IProgress<RunEvent>? events,
        CancellationToken cancellationToken)
    {
        runs = [.. runs.Select(run => (run.Folder, WithStepsOf(run.Folder, run.Options)))];
        var outcomes = runs.ToDictionary(run => run.Folder.Path, run => RunOutcome.Of(run.Folder));
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            // One that failed stays failed, because it would fail again. One whose process was killed goes on.
            (RunFolder Folder, RunOptions Options)[] left =
                [.. runs.Where(run => outcomes[run.Folder.Path] is { Status: not RunStatus.Failed } or { IsCrash: true })];
            var taken = TakenRun.Prepare(left, tasks);
            try
            {
                var ended = await RunBatch.RunAsync(executor, taken, parallel, events, cancellationToken).ConfigureAwait(false);
                foreach (var (run, outcome) in taken.Zip(ended)) outcomes[run.Folder.Path] = outcome;
            }
            finally
            {
                foreach (var run in taken) run.Dispose();
            }

            if (!outcomes.Values.Any(outcome => outcome.IsCrash)) break;
        }

        return [.. runs.Select(run => outcomes[run.Folder.Path])];
    }

    // A run that goes on to the next rung takes more steps than it was begun with. One that went further already, before its journal was put back, stays there.
    private RunOptions WithStepsOf(RunFolder run, RunOptions options)
    {
        if (!run.IsRun) return options;
        var before = RunOptions.Read(run.Options, tasks);
        var steps = Math.Max(options.Settings.TrainerOptions.Steps, before.Settings.TrainerOptions.Steps);
        var lengthened = before.Settings.TrainerOptions.Steps < steps;
        before.Settings.TrainerOptions.Steps = options.Settings.TrainerOptions.Steps = steps;
        // Whether it is the same run is checked, as for every run, before it is trained.
        if (!lengthened || !before.IsSameRun(options)) return options;
        using var turn = TakenRun.Take(run);
        options.Write(run.Options);
        return options;
    }
}
