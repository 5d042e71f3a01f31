using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Studies;

/// <content>The study as somebody else trains its runs: it asks for runs and is told their results.</content>
public sealed partial class Study
{
    /// <summary>Opens a study whose journal somebody else keeps, such as a cluster.</summary>
    /// <param name="folder">What messages call the study; nothing is read or written there.</param>
    /// <param name="journal">The lines of its journal, at least the first one.</param>
    /// <param name="tasks">The tasks that its runs may name; null for the library's own.</param>
    /// <param name="sampler">The one with which the study was begun, where it was no sampler of the library's; null otherwise.</param>
    /// <exception cref="ArgumentException">The folder is blank.</exception>
    /// <exception cref="RunSpecException">The options of the study cannot be used.</exception>
    /// <exception cref="RunDataException">The journal cannot be read.</exception>
    public static Study Restore(string folder, IReadOnlyList<string> journal, TaskCatalog? tasks = null, IStudySampler? sampler = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(journal);
        return new Study(folder, tasks ?? TaskCatalog.Analytic, sampler, new StudyJournalLines(journal, JournalOf(folder)));
    }

    /// <summary>The lines of the journal so far, without their ends.</summary>
    public IReadOnlyList<string> Journal => _journal.Lines();

    /// <summary>
    /// What the study wants to have trained next. The same until <see cref="Tell"/> gave the results: a study that is opened again asks for the same runs.
    /// </summary>
    /// <returns>The runs, to be trained in any order; null where the study is at its end.</returns>
    /// <exception cref="RunDataException">No trial reached its end, so that there is nothing to choose.</exception>
    public StudyLook? Ask()
    {
        while (Result is null)
        {
            if (OpenTrials is { Count: > 0 } open)
            {
                if (LookAt(open) is { } look) return look;
            }
            else if (Trials.Count < Options.Trials) Propose();
            else return LookAtWinner();
        }

        return null;
    }

    /// <summary>Takes the results of the runs that <see cref="Ask"/> gives, and decides.</summary>
    /// <param name="look">The runs that <see cref="Ask"/> gave.</param>
    /// <param name="results">What became of each of its runs, in their order.</param>
    /// <exception cref="ArgumentException">The study does not ask for these runs now, or there is not one result for each; nothing was decided.</exception>
    public void Tell(StudyLook look, IReadOnlyList<StudyRunResult> results)
    {
        ArgumentNullException.ThrowIfNull(look);
        ArgumentNullException.ThrowIfNull(results);
        if (!look.Equals(Ask())) throw new ArgumentException("The study does not ask for these runs now: their results were told before.", nameof(look));
        if (results.Count != look.Runs.Count)
            throw new ArgumentException(Invariant($"There are {results.Count} results of {look.Runs.Count} runs, but each run has one."), nameof(results));
        if (look.Rung is not { } rung)
        {
            Write(JudgeWinner(look.Runs[0].Trial, look.Runs[0].Steps, results));
            return;
        }

        // In the order of the trials, whichever ended first.
        foreach (var trial in look.Runs.Zip(results).GroupBy(run => run.First.Trial, run => run.Second)) Write(Judge(trial.Key, rung, [.. trial]));
        CloseAt(rung);
    }

    /// <summary>The options of a run.</summary>
    /// <param name="run">A run that the study has asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such trial.</exception>
    public RunOptions OptionsOf(StudyRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        RequireTrial(run);
        return OptionsOf(Trials[run.Trial].Assignments, run.Seed, run.Steps);
    }

    /// <summary>The folder of a run in the folder of the study.</summary>
    /// <param name="run">A run that the study has asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such trial.</exception>
    public RunFolder FolderOf(StudyRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        RequireTrial(run);
        return run.IsFinal ? _runs.OfWinner(run.Trial, run.Seed) : _runs.Of(run.Trial, run.Seed);
    }

    /// <summary>What became of a run that was trained in a folder.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="steps">The real steps that it had to reach.</param>
    /// <param name="outcome">How the run stands.</param>
    /// <param name="tasks">The tasks that the run may name.</param>
    /// <exception cref="RunDataException">The metrics of the folder cannot be read.</exception>
    public static StudyRunResult ResultOf(RunFolder folder, int steps, RunOutcome outcome, TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(tasks);
        return new StudyRunResult(outcome.Status, outcome.Status == RunStatus.Finished ? StudyObjective.Of(folder, steps, tasks) : null, outcome.Failure);
    }

    /// <summary>Takes over what another process decided for the same study, such as a cluster: adds the lines that the own journal does not have.</summary>
    /// <param name="journal">The whole journal of the other one; a shorter one than the own changes nothing.</param>
    /// <exception cref="RunSpecException">It is the journal of another study; nothing was written.</exception>
    /// <exception cref="RunDataException">A line cannot be read, or does not follow from those before it.</exception>
    public void Adopt(IReadOnlyList<string> journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var own = Journal;
        // Somebody else may have gone on with it since it was opened.
        _state = new StudyState(_journal.Read(), _journal.Name);
        for (var line = 0; line < Math.Min(own.Count, journal.Count); line++)
        {
            if (own[line] != journal[line])
                throw new RunSpecException(Invariant($"The journal is not that of '{Folder}': line {line + 1} is another one. Name the study otherwise."));
        }

        for (var line = own.Count; line < journal.Count; line++) Write(_journal.Parse(journal[line], line + 1));
    }

    /// <summary>All runs that the study has asked for so far, each with the most steps that it was to reach.</summary>
    public IReadOnlyList<StudyRun> RunsSoFar() =>
        [.. Trials.SelectMany(trial => SeedsOfTrial.Select(seed => new StudyRun(trial.Number, seed, RungSteps[LastRungOf(trial)], IsFinal: false))),
            .. _state.Winners.SelectMany(winner => winner.Seeds.Select(seed => new StudyRun(winner.Trial, seed, RungSteps[^1], IsFinal: true)))];

    private int LastRungOf(StudyTrial trial) =>
        trial.Status is StudyTrialStatus.Pruned ? trial.Values.Count - 1 : Math.Min(trial.Values.Count, Options.Rungs - 1);

    private void RequireTrial(StudyRun run)
    {
        if (run.Trial < 0 || run.Trial >= Trials.Count)
            throw new ArgumentOutOfRangeException(nameof(run), run.Trial, Invariant($"There is no trial {run.Trial} among the {Trials.Count} of the study."));
    }
}
