using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Training;
using MbpoML.Training.Outcome;

namespace MbpoML.Tool.Display;

/// <summary>Guesses when a study will be done, from the steps that its runs make while it is looked on: as they tell them, or as a cluster does.</summary>
/// <param name="clock">Measures the time that they take.</param>
internal sealed class StudyPace(TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();
    private readonly Dictionary<string, int> _steps = [];
    private readonly HashSet<string> _underWay = [];
    private long _all, _doneBefore, _made;
    private int _from, _to;
    // What a cluster told last, of all runs together. What runs of this process tell is a part of it.
    private long? _told;
    private (long Time, long Made)? _learning;

    /// <summary>What part of the study is done, runs under way included, in whole per cent.</summary>
    public long Percent => 100 * Done / _all;

    /// <summary>How long the pace is known of runs that learn: random exploration is much faster.</summary>
    public TimeSpan Known => _learning is { } learning && _made > learning.Made ? clock.GetElapsedTime(learning.Time) : TimeSpan.Zero;

    /// <summary>The time until the end; null while nothing can be said.</summary>
    public TimeSpan? Left
    {
        get
        {
            if (_made == 0) return null;
            var (time, made) = Known > TimeSpan.Zero ? (Known, _made - _learning!.Value.Made) : (clock.GetElapsedTime(_start), _made);
            return time * ((double)(_all - Done) / made);
        }
    }

    private long Done => _told ?? _doneBefore + _underWay.Sum(run => (long)Math.Clamp(_steps.GetValueOrDefault(run), _from, _to) - _from);

    /// <summary>A look begins: the runs of the one before it are over.</summary>
    public void Begin(StudyProgress look)
    {
        var study = look.Study;
        (_all, _doneBefore) = (study.StepsInAll, study.StepsDone);
        _underWay.Clear();
        _from = look.Rung is > 0 and var rung ? study.RungSteps[rung - 1] : 0;
        _to = study.RungSteps[look.Rung ?? (study.RungSteps.Count - 1)];
        if (_told is not null) Tell(_doneBefore);
    }

    /// <summary>A cluster tells the steps that each run of the look has.</summary>
    public void Update(IReadOnlyList<long> steps) => Tell(_doneBefore + steps.Sum(one => Math.Clamp(one, _from, _to) - _from));

    /// <summary>Something happened to a run of the look.</summary>
    public void Update(RunEvent happened)
    {
        if (_told is not null) return;
        switch (happened)
        {
            case RunStarted { Resumes: false }:
                _steps[happened.Folder] = 0;
                break;
            case RunProgressed { Progress: var progress }:
                Update(happened.Folder, progress);
                break;
            case RunEpochEnded { Progress: var progress }:
                Update(happened.Folder, progress);
                break;
        }
    }

    // What was done before the first word was done at another time, so that it says nothing of the pace.
    private void Tell(long done)
    {
        if (_told is { } before)
        {
            _made += Math.Max(0, done - before);
        }
        else
        {
            _made = 0;
            _learning = (clock.GetTimestamp(), 0);
        }

        _told = done;
    }

    private void Update(string run, TrainingProgress progress)
    {
        // The steps of a run that goes on from a checkpoint were made before.
        _made += Math.Max(0, progress.Step - _steps.GetValueOrDefault(run, progress.Step));
        _steps[run] = progress.Step;
        _underWay.Add(run);
        if (progress.Phase != TrainingPhase.Exploring) _learning ??= (clock.GetTimestamp(), _made);
    }
}
