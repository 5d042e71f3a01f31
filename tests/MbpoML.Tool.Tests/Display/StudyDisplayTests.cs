using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Tests;
using MbpoML.Tests.Fakes;
using MbpoML.Tool.Display;
using MbpoML.Training;
using MbpoML.Training.Outcome;

namespace MbpoML.Tool.Tests.Display;

[Category("Text")]
public class StudyDisplayTests
{
    private readonly SteppedTime _clock = new();
    private readonly Said _said = new();
    private TemporaryFolder _folder = null!;
    private Study _study = null!;
    private StudyDisplay _display = null!;

    // Looks at 1000 and 2000 steps: 5000 steps in all.
    [SetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        _said.Sentences.Clear();
        _study = Study.Create(_folder["study"], new StudyOptions
        {
            Run = new RunSpec { Task = "Pendulum", Algorithm = "sac", Assignments = ["Policy.HiddenSizes=[8]"] },
            Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")],
            Sampler = "random",
            Trials = 2,
            GenerationSize = 2,
            SeedsPerTrial = 1,
            Rungs = 2,
            Reduction = 2,
            Steps = 2000,
            FinalSeeds = 1,
        });
        _display = new StudyDisplay(_said, _clock);
    }

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public void The_first_look_tells_the_time_left_once_its_runs_have_learned_for_a_while()
    {
        var look = Look();
        Assert.That(_said.Sentences, Is.EqualTo(new[] { "study: trials 0, 1 of 2 to 1000 steps; 0 % done." }));
        _said.Sentences.Clear();
        foreach (var run in look.Runs) _display.Report(new RunStarted(FolderOf(run)));
        // Random exploration says nothing of what comes.
        _clock.Advance(20);
        Report(look, 100, 100, TrainingPhase.Exploring);
        Report(look, 100, 100);
        _clock.Advance(5);
        Report(look, 150, 150);
        Assert.That(_said.Sentences, Is.Empty);
        // At the first sign of life after ten seconds: 150 steps in them, and 4650 are due.
        _clock.Advance(5);
        Report(look, 200, 200);
        Assert.That(_said.Sentences, Is.EqualTo(new[] { "study: 7 % done, about 00:05:10 left." }));
        _clock.Advance(59);
        Report(look, 300, 300);
        Assert.That(_said.Sentences, Has.Count.EqualTo(1), "not more often than each minute");
        // 400 steps in 70 seconds, and 4400 are due.
        _clock.Advance(1);
        Report(look, 300, 500);
        Assert.That(_said.Sentences[1..], Is.EqualTo(new[] { "study: 12 % done, about 00:12:50 left." }));
    }

    [Test]
    public void Steps_that_were_made_before_the_process_began_make_no_run_faster()
    {
        var look = Look();
        foreach (var run in look.Runs) _display.Report(new RunStarted(FolderOf(run)) { Resumes = true });
        Report(look, 900, 900);
        _clock.Advance(10);
        Report(look, 910, 910);
        // The first sign of life after ten seconds: 10 steps in them, and 3190 are due.
        Assert.That(_said.Sentences[^1], Is.EqualTo("study: 36 % done, about 00:53:10 left."));
    }

    [Test]
    public void What_a_cluster_tells_of_its_runs_tells_the_time_left_within_the_first_look()
    {
        var look = Look();
        // Made before somebody looked on.
        Told(look, 100, 0);
        _clock.Advance(10);
        // 100 steps in ten seconds, and 4800 are due. What a run of this process tells is among them.
        Report(look, 150, 50);
        Assert.That(_said.Sentences, Has.Count.EqualTo(1));
        Told(look, 150, 50);
        Assert.That(_said.Sentences[^1], Is.EqualTo("study: 4 % done, about 00:08:00 left."));
        _clock.Advance(40);
        // A run that was handed over stands behind what it had: that is no pace.
        Told(look, 100, 450);
        Assert.That(_said.Sentences, Has.Count.EqualTo(2), "not more often than each minute");
        _clock.Advance(50);
        _study.Tell(look, [.. look.Runs.Select((_, index) => new StudyRunResult(RunStatus.Finished, -index, null))]);
        Look();
        // 1900 steps in 100 seconds, and 3000 are due.
        Assert.That(_said.Sentences[^1], Is.EqualTo("study: trials 0 of 2 to 2000 steps; 40 % done, about 00:02:37 left."));
    }

    private StudyLook Look()
    {
        var look = _study.Ask()!;
        _display.Report(new StudyProgress(_study, look.Rung, look.Trials));
        return look;
    }

    private void Told(StudyLook look, params long[] steps) =>
        _display.Report(new StudyProgress(_study, look.Rung, look.Trials) { StepsOfRuns = steps });

    private string FolderOf(StudyRun run) => _study.FolderOf(run).Path;

    private void Report(StudyLook look, int first, int second, TrainingPhase phase = TrainingPhase.OptimizingPolicy)
    {
        foreach (var (run, step) in look.Runs.Zip([first, second]))
            _display.Report(new RunProgressed(
                FolderOf(run), new TrainingProgress { Phase = phase, Step = step, Steps = run.Steps, Epoch = 0, Elapsed = TimeSpan.Zero }));
    }

    private sealed class Said : IRunDisplay
    {
        public List<string> Sentences { get; } = [];

        public void Report(string run, TrainingProgress progress)
        {
        }

        public void Say(string run, string sentence) => Sentences.Add($"{run}: {sentence}");

        public void Warn(string run, string sentence) => Sentences.Add($"{run}: {sentence}");
    }
}
