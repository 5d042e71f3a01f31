using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Studies;

/// <summary>
/// A search for the best options of a task: proposes trials, trains each with several seeds, stops those early that lag behind, and runs the best one again
/// with fresh seeds.
/// </summary>
/// <remarks>
/// The folder holds <c>journal.jsonl</c> and a folder for each run. A study that was stopped or killed goes on from there, and ends as it would have ended, to
/// the last byte of its journal. Several seeds of a trial count by their mean, and a trial is stopped only after all of them came to a rung.
/// </remarks>
public sealed partial class Study
{
    /// <summary>The file of the journal in the folder of a study.</summary>
    public const string JournalFile = "journal.jsonl";

    // Seeds that no trial has.
    private const int FirstFreshSeed = 10_001;

    private readonly StudyJournal _journal;
    private StudyState _state;
    private readonly StudyRuns _runs;
    private readonly RunOptions _base;
    private readonly IStudySampler _sampler;

    private Study(string folder, TaskCatalog tasks, IStudySampler? own, StudyJournal journal)
    {
        (Folder, Tasks, _journal) = (folder, tasks, journal);
        _state = new StudyState(journal.Read(), journal.Name);
        _runs = new StudyRuns(folder, tasks);
        _state.Options.Validate(own);
        _base = BaseOf(_state.Options, tasks);
        _sampler = own ?? StudyOptions.Samplers[_state.Options.Sampler]();
    }

    /// <summary>The path of the study's folder.</summary>
    public string Folder { get; }

    /// <summary>The tasks that its runs may name.</summary>
    public TaskCatalog Tasks { get; }

    /// <summary>What it varies, how it looks, and what it spends.</summary>
    public StudyOptions Options => _state.Options;

    /// <summary>All trials so far, by number.</summary>
    public IReadOnlyList<StudyTrial> Trials => _state.Trials;

    /// <summary>The best finished trial so far; null before the first is finished.</summary>
    public StudyTrial? Best =>
        Trials.Where(trial => trial.Status == StudyTrialStatus.Finished).OrderBy(trial => trial.Observation, StudyObservation.BetterFirst).FirstOrDefault();

    /// <summary>What it found; null before its end.</summary>
    public StudyResult? Result => _state.Result;

    /// <summary>The real steps at which the trials of a generation are compared; the last is the end.</summary>
    public IReadOnlyList<int> RungSteps => Options.StepsOfRungs(_base.Settings.TrainerOptions.Steps);

    /// <summary>Goes on to the end, or until it is cancelled.</summary>
    /// <param name="executor">The place where the runs are trained.</param>
    /// <param name="parallel">At most so many at a time, at least 1; it changes no result.</param>
    /// <param name="events">Is told what happens to the runs; several threads may call it at once. Null for nobody.</param>
    /// <param name="progress">Is told how far the study is; null for nobody.</param>
    /// <param name="cancellationToken">Stops the runs under way with a checkpoint.</param>
    /// <returns>What the study found; null where it was cancelled before its end.</returns>
    /// <exception cref="RunDataException">No trial reached its end, so that there is nothing to choose.</exception>
    /// <exception cref="RunFolderException">Another process goes on with the study, or trains one of its runs.</exception>
    /// <exception cref="RunSpecException">In the folder of a trial's run is a run of other options.</exception>
    public async Task<StudyResult?> RunAsync(
        LocalRunExecutor executor, int parallel = 1, IProgress<RunEvent>? events = null, IProgress<StudyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(executor);
        ArgumentOutOfRangeException.ThrowIfLessThan(parallel, 1);
        using var turn = RunLock.Take(new RunFolder(Folder));
        // Somebody else may have gone on with it since it was opened.
        _state = new StudyState(_journal.Read(), _journal.Name);
        while (!cancellationToken.IsCancellationRequested && Ask() is { } look)
        {
            progress?.Report(new StudyProgress(this, look.Rung, look.Trials));
            var outcomes = await _runs.TrainAsync([.. look.Runs.Select(run => (FolderOf(run), OptionsOf(run)))], executor, parallel, events, cancellationToken)
                .ConfigureAwait(false);
            if (outcomes.Any(outcome => outcome.Status == RunStatus.Interrupted)) return null;
            Tell(look, [.. look.Runs.Zip(outcomes, (run, outcome) => ResultOf(FolderOf(run), run.Steps, outcome, Tasks))]);
        }

        return Result;
    }

    /// <summary>Real steps of all runs of the study, if no trial fails: how far it is, is a part of that.</summary>
    public long StepsInAll => Generations.Sum(size => StepsOf(size, Options.SeedsPerTrial)) + ((long)Options.FinalSeeds * RungSteps[^1]);

    /// <summary>Real steps of the looks that are over.</summary>
    public long StepsDone => Options.SeedsPerTrial * Trials.Where(trial => trial.Values.Count > 0).Sum(trial => (long)RungSteps[trial.Values.Count - 1]);

    /// <summary>Whether a study of these options would be this one.</summary>
    internal bool IsOf(StudyOptions options) =>
        StudyJournal.TextOf(new StudyBegun(StudyPlan.Of(options))) == StudyJournal.TextOf(new StudyBegun(StudyPlan.Of(Options)));

    private IEnumerable<int> Generations
    {
        get
        {
            var size = Options.TrialsAtOnce(_sampler);
            for (var first = 0; first < Options.Trials; first += size) yield return Math.Min(size, Options.Trials - first);
        }
    }

    private long StepsOf(int generation, int seeds)
    {
        var (steps, alive, before) = (0L, generation, 0);
        foreach (var at in RungSteps)
        {
            steps += (long)alive * seeds * (at - before);
            (alive, before) = ((int)Math.Ceiling((double)alive / Options.Reduction), at);
        }

        return steps;
    }

    private IReadOnlyList<StudyTrial> OpenTrials => [.. Trials.Where(trial => trial.Status == StudyTrialStatus.Open)];

    // A whole generation; one that was cut short by the end of the process is completed.
    private void Propose()
    {
        var size = Options.TrialsAtOnce(_sampler);
        var first = Trials.Count / size * size;
        StudyObservation[] known = [.. Trials.Take(first).Select(trial => trial.Observation)];
        for (var trial = Trials.Count; trial < Math.Min(first + size, Options.Trials); trial++)
        {
            var place = _sampler.Propose(Options.Space, trial, Options.Seed, known);
            string[] assignments = [.. Options.Space.Zip(place, (parameter, at) => $"{parameter.Path}={parameter.At(at)}")];
            Write(new TrialProposed(trial, place, assignments, WhyUnusable(assignments)));
        }
    }

    // Options that can be used each alone need not fit each other. They are tried once, here: to try them makes networks. Who opens the study again, such as
    // another machine after a failure, is not to wait for that.
    private string? WhyUnusable(IReadOnlyList<string> assignments)
    {
        try
        {
            OptionsOf(assignments, SeedsOfTrial.First(), RungSteps[0]).Check();
            return null;
        }
        catch (RunSpecException unusable)
        {
            return unusable.Message;
        }
    }

    // The next look at the open trials. What the end of a process left half done is completed first, so that the study goes the way it would have gone; null
    // where that changed something.
    private StudyLook? LookAt(IReadOnlyList<StudyTrial> open)
    {
        var size = Options.TrialsAtOnce(_sampler);
        if (Trials.Count % size != 0 && Trials.Count < Options.Trials)
        {
            Propose();
            return null;
        }

        var rung = open.Min(trial => trial.Values.Count);
        if (rung > 0 && CloseAt(rung - 1)) return null;
        StudyTrial[] due = [.. open.Where(trial => trial.Values.Count == rung)];
        return new StudyLook(
            rung, [.. due.SelectMany(trial => SeedsOfTrial.Select(seed => new StudyRun(trial.Number, seed, RungSteps[rung], IsFinal: false)))]);
    }

    private StudyEvent Judge(int trial, int rung, IReadOnlyList<StudyRunResult> results)
    {
        if (results.FirstOrDefault(result => result.Status != RunStatus.Finished) is { } failed)
            return new TrialClosed(trial, StudyTrialStatus.Failed, failed.Failure);
        var steps = RungSteps[rung];
        double[] returns = [.. results.Select(result => result.Value).OfType<double>()];
        return returns.Length == results.Count ? new RungReached(trial, rung, steps, returns, returns.Average())
            : new TrialClosed(trial, StudyTrialStatus.Failed, Invariant($"A run has evaluated nothing in {steps} steps."));
    }

    // Successive halving of the newest generation, whichever of its trials went on meanwhile: 1/η of those that reached the rung go on.
    private bool CloseAt(int rung)
    {
        var first = (Trials.Count - 1) / Options.TrialsAtOnce(_sampler) * Options.TrialsAtOnce(_sampler);
        StudyTrial[] reached =
            [.. Trials.Skip(first).Where(trial => trial.Values.Count > rung).OrderByDescending(trial => trial.Values[rung]).ThenBy(trial => trial.Number)];
        var isLast = rung == Options.Rungs - 1;
        var goOn = isLast ? 0 : (int)Math.Ceiling((double)reached.Length / Options.Reduction);
        StudyTrial[] closed = [.. reached[goOn..].Where(trial => trial.Status == StudyTrialStatus.Open).OrderBy(trial => trial.Number)];
        foreach (var trial in closed)
            Write(new TrialClosed(trial.Number, isLast ? StudyTrialStatus.Finished : StudyTrialStatus.Pruned, null));
        return closed.Length > 0;
    }

    private StudyLook LookAtWinner()
    {
        if (_state.Winner is null)
        {
            var best = Best ?? throw new RunDataException(
                $"No trial of '{Folder}' reached its end, so that there is none to choose. The first failed so: " +
                    Trials.Select(trial => trial.Failure).FirstOrDefault(why => why is not null));
            Write(new WinnerChosen(best.Number, [.. Enumerable.Range(FirstFreshSeed, Options.FinalSeeds)]));
        }

        var winner = _state.Winner!;
        return new StudyLook(null, [.. winner.Seeds.Select(seed => new StudyRun(winner.Trial, seed, RungSteps[^1], IsFinal: true))]);
    }

    // One that fails with a fresh seed is not to be relied on: the next best takes its place.
    private static StudyEvent JudgeWinner(int trial, int steps, IReadOnlyList<StudyRunResult> results)
    {
        if (results.FirstOrDefault(result => result.Status != RunStatus.Finished) is { } failed)
            return new WinnerFailed(trial, $"With a fresh seed: {failed.Failure}");
        double[] returns = [.. results.Select(result => result.Value).OfType<double>()];
        return returns.Length == results.Count ? new StudyEnded(returns)
            : new WinnerFailed(trial, Invariant($"With a fresh seed a run has evaluated nothing in {steps} steps."));
    }

    private IEnumerable<int> SeedsOfTrial => Enumerable.Range(1, Options.SeedsPerTrial);

    private RunOptions OptionsOf(IReadOnlyList<string> assignments, int seed, int steps)
    {
        var options = _base.WithSeed(seed);
        foreach (var assignment in assignments) options.Set(assignment);
        options.Settings.TrainerOptions.Steps = steps;
        return options;
    }

    private void Write(StudyEvent happened)
    {
        _journal.Add(happened);
        _state.Apply(happened, _journal.Name);
    }
}
