using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Tests;
using Microsoft.ML;

namespace MbpoML.Experiments.Tests.Studies;

public class StudyTests
{
    internal static StudyOptions Planted { get; } = new()
    {
        Run = new RunSpec
        {
            Task = "Pendulum",
            Algorithm = "sac",
            Assignments = ["Trainer.InitialExplorationSteps=20", "Trainer.EpochLength=50", "Trainer.EvaluationEpisodes=1", "Policy.HiddenSizes=[8]"],
        },
        Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log"), StudyParameter.Parse("Policy.BatchSize=32..256")],
        Sampler = "random",
        Trials = 9,
        GenerationSize = 9,
        SeedsPerTrial = 2,
        Steps = 900,
        Rungs = 3,
        Reduction = 3,
        FinalSeeds = 3,
    };

    [Test]
    public async Task Of_each_generation_a_third_goes_on_and_the_best_is_run_again_with_fresh_seeds()
    {
        using var folder = new TemporaryFolder();
        var executor = new PlantedExecutor(Value);
        var study = Study.Create(folder["study"], Planted);
        var result = await study.RunAsync(executor);
        Assert.Multiple(() =>
        {
            Assert.That(study.RungSteps, Is.EqualTo(new[] { 100, 300, 900 }));
            Assert.That(study.Trials.Count(trial => trial.Values.Count >= 1), Is.EqualTo(9));
            Assert.That(study.Trials.Count(trial => trial.Values.Count >= 2), Is.EqualTo(3));
            Assert.That(study.Trials.Count(trial => trial.Values.Count >= 3), Is.EqualTo(1));
            Assert.That(study.Trials.Count(trial => trial.Status == StudyTrialStatus.Pruned), Is.EqualTo(8));
            var ranked = study.Trials.OrderByDescending(trial => trial.Values[0]).ToArray();
            Assert.That(ranked[..3].All(trial => trial.Values.Count >= 2), "the best third by the mean over both seeds");
            Assert.That(result!.Trial, Is.EqualTo(ranked[..3].MaxBy(trial => trial.Values[1])!.Number));
            Assert.That(result.Seeds, Is.EqualTo(new[] { 10_001, 10_002, 10_003 }));
            Assert.That(executor.Trained.Count(run => run.Run.StartsWith("winner-", StringComparison.Ordinal)), Is.EqualTo(3));
            Assert.That(executor.Trained.Where(run => run.Run.StartsWith("trial-", StringComparison.Ordinal)).Select(run => run.Steps).CountBy(steps => steps),
                Is.EquivalentTo(new Dictionary<int, int> { [100] = 18, [300] = 6, [900] = 2 }));
            var options = RunOptions.Read(
                folder["study", $"winner-{result!.Trial:D3}", "seed-10001", "options.json"], MbpoML.Experiments.Tasks.TaskCatalog.Analytic);
            Assert.That(result.Returns[0], Is.EqualTo(Enumerable.Range(14, 5).Average(epoch => Value(options, epoch * 50)!.Value)).Within(1e-9),
                "the mean of the evaluations at 700, 750, ..., 900");
        });
    }

    // Whichever line the process had come to, and also within a line.
    [Test]
    public async Task A_study_that_is_killed_anywhere_ends_with_the_same_journal()
    {
        using var folder = new TemporaryFolder();
        var options = Planted with { Trials = 7, GenerationSize = 3, Sampler = "tpe" };
        await Study.Create(folder["whole"], options).RunAsync(new PlantedExecutor(Value), parallel: 3);
        var whole = File.ReadAllBytes(folder["whole", Study.JournalFile]);
        var lines = whole.Count(unit => unit == '\n');
        Assert.That(lines, Is.GreaterThan(20));
        for (var kept = 1; kept < lines; kept += 3)
        {
            var end = EndOfLine(whole, kept);
            foreach (var cut in new[] { end, end + 7 })
            {
                var place = folder[$"cut-{cut}"];
                // The runs are there as they were at the end: further than the journal says, as after a kill between training and writing.
                Copy(folder["whole"], place);
                File.WriteAllBytes(Path.Combine(place, Study.JournalFile), whole[..Math.Min(cut, whole.Length)]);
                await Study.Open(place).RunAsync(new PlantedExecutor(Value));
                Assert.That(File.ReadAllBytes(Path.Combine(place, Study.JournalFile)), Is.EqualTo(whole), $"killed after {kept} lines, {cut} bytes");
                Directory.Delete(place, recursive: true);
            }
        }
    }

    [Test]
    public async Task The_number_of_runs_side_by_side_changes_nothing_and_a_cancelled_study_goes_on()
    {
        using var folder = new TemporaryFolder();
        var options = Planted with { Trials = 8, GenerationSize = 4 };
        await Study.Create(folder["one"], options).RunAsync(new PlantedExecutor(Value));
        await Study.Create(folder["four"], options).RunAsync(new PlantedExecutor(Value), parallel: 4);
        using var stop = new CancellationTokenSource();
        var left = 9;
        var stopped = Study.Create(folder["stopped"], options);
        Assert.That(await stopped.RunAsync(new PlantedExecutor(Value) { Before = () => Stop(ref left, stop) }, cancellationToken: stop.Token), Is.Null);
        Assert.That(stopped.Result, Is.Null);
        await Study.Open(folder["stopped"]).RunAsync(new PlantedExecutor(Value));
        var journal = File.ReadAllText(folder["one", Study.JournalFile]);
        Assert.That(File.ReadAllText(folder["four", Study.JournalFile]), Is.EqualTo(journal));
        Assert.That(File.ReadAllText(folder["stopped", Study.JournalFile]), Is.EqualTo(journal));
    }

    [Test]
    public async Task Trials_that_fail_are_out_and_a_study_of_failures_says_so()
    {
        using var folder = new TemporaryFolder();
        var study = Study.Create(folder["some"], Planted);
        await study.RunAsync(new PlantedExecutor((options, step) => BatchSize(options) < 140 ? null : Value(options, step)));
        Assert.That(study.Trials.Count(trial => trial.Status == StudyTrialStatus.Failed), Is.InRange(1, 8));
        Assert.That(study.Trials.Where(trial => trial.Status == StudyTrialStatus.Failed).Select(trial => trial.Failure),
            Has.All.EqualTo("It failed as planted."));
        Assert.That(study.Trials[study.Result!.Trial].Status, Is.EqualTo(StudyTrialStatus.Finished));
        var none = Study.Create(folder["none"], Planted);
        Assert.That(async () => await none.RunAsync(new PlantedExecutor((_, _) => null)),
            Throws.TypeOf<RunDataException>().With.Message.Contains("none to choose").And.Message.Contains("It failed as planted."));
    }

    [Test]
    public async Task Options_that_do_not_fit_each_other_fail_their_trial_and_not_the_study()
    {
        using var folder = new TemporaryFolder();
        // Each fits the other's default, but not every value of the other.
        var options = Planted with
        {
            Run = Planted.Run with
            {
                Algorithm = "metrpo",
                Assignments = ["Trainer.InitialExplorationSteps=20", "Trainer.EpochLength=50", "Trainer.EvaluationEpisodes=1"],
            },
            Space = [StudyParameter.Parse("Trainer.ValidationInterval=1..10"), StudyParameter.Parse("Trainer.ValidationPatience=5..50")],
            Sampler = "corners",
            Trials = 3,
            GenerationSize = 3,
        };
        var study = Study.Create(folder["study"], options, sampler: new Corners());
        var result = await study.RunAsync(new PlantedExecutor((_, step) => step));
        Assert.Multiple(() =>
        {
            Assert.That(study.Trials[0].Status, Is.EqualTo(StudyTrialStatus.Failed));
            Assert.That(study.Trials[0].Failure, Does.Contain("ValidationPatience"));
            Assert.That(study.Journal[1], Does.Contain("Unusable").IgnoreCase, "who opens the study again need not try the trial again");
            Assert.That(result!.Trial, Is.GreaterThan(0));
            Assert.That(() => Study.Open(folder["study"]), Throws.TypeOf<RunSpecException>().With.Message.Contains("corners"));
            Assert.That(Study.Open(folder["study"], sampler: new Corners()).Result!.Trial, Is.EqualTo(result!.Trial));
        });
    }

    [Test]
    public async Task A_winner_that_fails_with_a_fresh_seed_gives_way_to_the_next()
    {
        using var folder = new TemporaryFolder();
        var firstWinner = -1;
        var study = Study.Create(folder["study"], Planted with { Rungs = 1 });
        var result = await study.RunAsync(new PlantedExecutor((options, step) =>
        {
            if (options.Seed > 10_000 && firstWinner < 0) firstWinner = BatchSize(options);
            return options.Seed > 10_000 && BatchSize(options) == firstWinner ? null : Value(options, step);
        }));
        var failed = study.Trials.Single(trial => trial.Status == StudyTrialStatus.Failed);
        var others = study.Trials.Where(trial => trial != failed).OrderByDescending(trial => trial.Values[^1]).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(failed.Values[^1], Is.GreaterThan(others[0].Values[^1]), "it was the best");
            Assert.That(failed.Failure, Is.EqualTo("With a fresh seed: It failed as planted."));
            Assert.That(result!.Trial, Is.EqualTo(others[0].Number));
            Assert.That(Study.Open(folder["study"]).Result!.Trial, Is.EqualTo(result.Trial));
        });
    }

    [Test]
    public async Task Two_at_once_do_not_write_into_one_journal()
    {
        using var folder = new TemporaryFolder();
        var study = Study.Create(folder["study"], Planted);
        var other = Study.Open(folder["study"]);
        Exception? refused = null;
        await study.RunAsync(new PlantedExecutor(Value) { Before = () => refused ??= Assert.CatchAsync(() => other.RunAsync(new PlantedExecutor(Value))) });
        Assert.That(refused, Is.TypeOf<RunInUseException>());
        Assert.That((await other.RunAsync(new PlantedExecutor(Value)))!.Trial, Is.EqualTo(study.Result!.Trial), "it reads what the first one wrote");
    }

    [Test]
    public void The_steps_of_trials_are_not_varied_and_the_label_of_runs_is_kept()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Study.Create(folder["steps"], Planted with { Space = [StudyParameter.Parse("trainer.steps=100..900")] }),
            Throws.TypeOf<RunSpecException>().With.Message.Contains("Steps of the study"));
        Assert.That(() => Study.Create(folder["real"], Planted with { Space = [StudyParameter.Parse("Policy.BatchSize=32.0..256.0")] }),
            Throws.TypeOf<RunSpecException>().With.Message.Contains("BatchSize"));
        var study = Study.Create(folder["study"], Planted with { Run = Planted.Run with { Label = "mine" } });
        Assert.That(study.Options.Run.Label, Is.EqualTo("mine"));
    }

    // In earnest: a trial that was looked at on its way is the run that was never stopped.
    [Test]
    public async Task A_trial_that_went_from_rung_to_rung_learned_what_a_run_in_one_piece_learns()
    {
        using var folder = new TemporaryFolder();
        var options = Planted with
        {
            Trials = 2,
            GenerationSize = 2,
            SeedsPerTrial = 1,
            Steps = 200,
            Rungs = 2,
            Reduction = 2,
            FinalSeeds = 1,
            Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")],
        };
        var study = Study.Create(folder["study"], options);
        var result = await study.RunAsync(new InProcessExecutor(MbpoML.Experiments.Tasks.TaskCatalog.Analytic));
        var winner = study.Trials[result!.Trial];
        Assert.That(winner.Values, Has.Count.EqualTo(2));
        var whole = new RunFolder(folder["whole"]);
        await new InProcessExecutor(MbpoML.Experiments.Tasks.TaskCatalog.Analytic).RunAsync(
            options.Run with { Seed = 1, Assignments = [.. options.Run.Assignments, "Policy.Workers=1", "Trainer.Steps=200", .. winner.Assignments] }, whole);
        var parts = new RunFolder(folder["study", $"trial-{winner.Number:D3}", "seed-1"]);
        Assert.That(TinyRun.Metrics(parts)[^1], Is.EqualTo(TinyRun.Metrics(whole)[^1]));
        Assert.That(Act(parts), Is.EqualTo(Act(whole)));
    }

    [Test]
    public void From_the_catalog_a_study_is_begun_or_opened()
    {
        using var folder = new TemporaryFolder();
        var rl = new MLContext(seed: 1).Reinforcement();
        Assert.That(rl.Study(folder["study"], Planted).Trials, Is.Empty);
        Assert.That(rl.Study(folder["study"], Planted).Options.Trials, Is.EqualTo(9));
        Assert.That(() => rl.Study(folder["study"], Planted with { Trials = 10 }), Throws.TypeOf<RunSpecException>().With.Message.Contains("other options"));
        Assert.That(() => Study.Create(folder["study"], Planted), Throws.TypeOf<RunFolderException>().With.Message.Contains("There is a study in"));
    }

    // Better the nearer the learning rate is to 1e-3; more steps help; seeds differ.
    private static double? Value(RunOptions options, int step) =>
        -Math.Abs(Math.Log10(LearningRate(options)) + 3) - (100.0 / step) + (0.01 * Math.Sin(options.Seed * 12.9898 + step)) + (0.0001 * BatchSize(options));

    private static double LearningRate(RunOptions options) =>
        double.Parse(options.Settings.Describe()["Policy.LearningRate"], System.Globalization.CultureInfo.InvariantCulture);

    private static int BatchSize(RunOptions options) =>
        int.Parse(options.Settings.Describe()["Policy.BatchSize"], System.Globalization.CultureInfo.InvariantCulture);

    private static float[] Act(RunFolder run)
    {
        using var policy = new MLContext(seed: 1).Reinforcement().Policies.Load(run.Policy);
        return [.. policy.Act([0.5f, 0.5f, 1f])];
    }

    private static void Stop(ref int left, CancellationTokenSource stop)
    {
        if (--left == 0) stop.Cancel();
    }

    private static int EndOfLine(byte[] content, int lines)
    {
        var end = 0;
        for (var line = 0; line < lines; line++) end = Array.IndexOf(content, (byte)'\n', end) + 1;
        return end;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    // Corners of the square, from (1, 0) on.
    private sealed class Corners : IStudySampler
    {
        public int? Generation(int parameters) => null;

        public IReadOnlyList<double> Propose(
            IReadOnlyList<StudyParameter> space, int trial, int seed, IReadOnlyList<StudyObservation> observations) =>
            trial switch { 0 => [1, 0], 1 => [0, 1], _ => [0, 0] };
    }
}
