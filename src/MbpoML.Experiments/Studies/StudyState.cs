namespace MbpoML.Experiments.Studies;

/// <summary>What the journal of a study says: its options, its trials, and its end.</summary>
internal sealed class StudyState
{
    private readonly List<StudyTrial> _trials = [];
    private readonly List<WinnerChosen> _winners = [];

    /// <exception cref="RunDataException">The events are those of no study.</exception>
    public StudyState(IReadOnlyList<StudyEvent> events, string path)
    {
        Options = events.Count > 0 && events[0] is StudyBegun { Plan: { Algorithm: not null, Assignments: not null, Space: not null } plan } ? plan.ToOptions()
            : throw new RunDataException($"'{path}' does not begin as the journal of a study does.");
        foreach (var happened in events.Skip(1)) Apply(happened, path);
    }

    public StudyOptions Options { get; }

    public IReadOnlyList<StudyTrial> Trials => _trials;

    /// <summary>The trial that is run again at the end, and its fresh seeds; null before.</summary>
    public WinnerChosen? Winner { get; private set; }

    /// <summary>All trials that were ever chosen, also those that failed with a fresh seed.</summary>
    public IReadOnlyList<WinnerChosen> Winners => _winners;

    /// <summary>What the study found; null before its end.</summary>
    public StudyResult? Result { get; private set; }

    public void Apply(StudyEvent happened, string path)
    {
        switch (happened)
        {
            case TrialProposed { Place: not null, Assignments: not null } proposed
                when proposed.Trial == _trials.Count && proposed.Place.Count == Options.Space.Count && proposed.Place.All(place => place is >= 0 and <= 1):
                var begun = new StudyTrial(proposed.Trial, proposed.Place, proposed.Assignments);
                _trials.Add(proposed.Unusable is { } reason ? begun with { Status = StudyTrialStatus.Failed, Failure = reason } : begun);
                break;
            case RungReached reached when Known(reached.Trial) is { } trial && reached.Rung == trial.Values.Count && reached.Rung < Options.Rungs:
                _trials[trial.Number] = trial with { Values = [.. trial.Values, reached.Value] };
                break;
            case TrialClosed closed when Known(closed.Trial) is { Status: StudyTrialStatus.Open } trial:
                _trials[trial.Number] = trial with { Status = closed.Status, Failure = closed.Failure };
                break;
            case WinnerFailed failed when Winner?.Trial == failed.Trial:
                _trials[failed.Trial] = _trials[failed.Trial] with { Status = StudyTrialStatus.Failed, Failure = failed.Failure };
                Winner = null;
                break;
            case WinnerChosen { Seeds: not null } winner when Winner is null && Known(winner.Trial) is not null:
                Winner = winner;
                _winners.Add(winner);
                break;
            case StudyEnded { Returns: not null } ended when Winner is { } best && ended.Returns.Count == best.Seeds.Count:
                Result = new StudyResult(best.Trial, _trials[best.Trial].Assignments, best.Seeds, ended.Returns);
                break;
            default:
                throw new RunDataException(
                    $"'{path}' is damaged: {happened} does not follow from what is written before it. Put back a whole copy of the file.");
        }
    }

    private StudyTrial? Known(int trial) => trial >= 0 && trial < _trials.Count ? _trials[trial] : null;
}
