using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;

namespace MbpoML.Tool.Display;

/// <summary>Shows how far a study is, and what its runs tell; any thread may call it.</summary>
/// <param name="display">Where it is shown.</param>
/// <param name="clock">Measures, for the time that is left.</param>
internal sealed class StudyDisplay(IRunDisplay display, TimeProvider clock) : IProgress<RunEvent>, IProgress<StudyProgress>
{
    private const string Name = "study";

    // A pace of less time may be off by far.
    private static readonly TimeSpan _leastKnown = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private readonly StudyPace _pace = new(clock);
    private readonly Lock _lock = new();
    private long? _told;

    public void Report(StudyProgress value)
    {
        if (value.StepsOfRuns is { } steps)
        {
            lock (_lock)
            {
                _pace.Update(steps);
                TellAtTimes();
            }

            return;
        }

        var study = value.Study;
        var what = value.Rung is { } rung
            ? Invariant($"trials {string.Join(", ", value.Trials)} of {study.Options.Trials} to {study.RungSteps[rung]} steps")
            : Invariant($"the best trial, {value.Trials[0]}, with {study.Options.FinalSeeds} fresh seeds");
        lock (_lock)
        {
            _pace.Begin(value);
            Tell($"{what}; ");
        }
    }

    public void Report(RunEvent value)
    {
        // A run is called by its trial and its seed.
        var name = $"{Path.GetFileName(Path.GetDirectoryName(value.Folder))}/{Path.GetFileName(value.Folder)}";
        RunEventDisplay.Show(display, name, value);
        lock (_lock)
        {
            _pace.Update(value);
            TellAtTimes();
        }
    }

    private void TellAtTimes()
    {
        if (_pace.Known >= _leastKnown && (_told is not { } told || clock.GetElapsedTime(told) >= _pause)) Tell("");
    }

    private void Tell(string what)
    {
        var left = _pace.Left;
        if (left is not null) _told = clock.GetTimestamp();
        display.Say(Name, Invariant($"{what}{_pace.Percent} % done{(left is { } time ? $", about {ProgressText.Time(time)} left" : "")}."));
    }
}
