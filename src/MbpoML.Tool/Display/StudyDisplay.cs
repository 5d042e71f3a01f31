using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;

namespace MbpoML.Tool.Display;

/// <summary>Shows how far a study is, and what its runs tell.</summary>
/// <param name="display">Where it is shown.</param>
/// <param name="clock">Measures, for the time that is left.</param>
internal sealed class StudyDisplay(IRunDisplay display, TimeProvider clock) : IProgress<RunEvent>, IProgress<StudyProgress>
{
    private const string Name = "study";
    private readonly long _start = clock.GetTimestamp();
    private long? _stepsAtStart;

    public void Report(StudyProgress value)
    {
        var study = value.Study;
        _stepsAtStart ??= study.StepsDone;
        var what = value.Rung is { } rung
            ? Invariant($"trials {string.Join(", ", value.Trials)} of {study.Options.Trials} to {study.RungSteps[rung]} steps")
            : Invariant($"the best trial, {value.Trials[0]}, with {study.Options.FinalSeeds} fresh seeds");
        display.Say(Name, Invariant($"{what}; {100 * study.StepsDone / study.StepsInAll} % done{Left(study)}."));
    }

    public void Report(RunEvent value)
    {
        // A run is called by its trial and its seed.
        var name = $"{Path.GetFileName(Path.GetDirectoryName(value.Folder))}/{Path.GetFileName(value.Folder)}";
        RunEventDisplay.Show(display, name, value);
    }

    private string Left(Study study)
    {
        var done = study.StepsDone - _stepsAtStart!.Value;
        if (done == 0) return "";
        var left = clock.GetElapsedTime(_start) * ((double)(study.StepsInAll - study.StepsDone) / done);
        return $", about {ProgressText.Time(left)} left";
    }
}
