using MbpoML.Experiments.Comparisons;
using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class CompareTests
{
    // Some of one algorithm alone, and one of all.
    private static readonly string[] Tiny =
    [
        "--set", "Trainer.EvaluationEpisodes=1", "mbpo:Trainer.InitialExplorationSteps=60", "mbpo:Trainer.EpochLength=50",
        "mbpo:Trainer.ModelTrainingInterval=50",
        "mbpo:Trainer.UpdatesPerStep=1", "mbpo:Dynamics.MaxOptimizerSteps=10", "mbpo:Dynamics.HiddenSizes=[8]", "mbpo:Rollouts.BatchSize=100",
        "mbpo:Policy.HiddenSizes=[8]", "sac:Trainer.InitialExplorationSteps=60", "sac:Trainer.EpochLength=50", "sac:Policy.HiddenSizes=[8]",
    ];

    [Test]
    public void Algorithms_are_trained_once_with_the_same_steps_and_seeds_and_told_in_a_table()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["page.md"], $"before\n{ReturnReport.Begin}\n{ReturnReport.End}\nafter\n");
        string[] command = ["compare", "Pendulum", "--algorithms", "mbpo,sac", "--seeds", "1,2", "--steps", "160", "--out", folder["runs"], "--pictures",
            folder["pictures"], "--into", folder["page.md"], .. Tiny];
        var first = ToolResult.Of(command);
        Assert.That(first.Code, Is.Zero, first.Errors);
        var written = File.GetLastWriteTimeUtc(folder["runs", "pendulum", "sac", "seed-2", "report.json"]);
        var page = File.ReadAllText(folder["page.md"]);
        Assert.Multiple(() =>
        {
            Assert.That(first.Output, Does.Contain("Pendulum: MBPO, SAC, seeds 1, 2"));
            Assert.That(page, Does.StartWith("before\n").And.EndWith("after\n").And.Contain("### Pendulum, 160 steps"));
            foreach (var label in (string[])["MBPO", "SAC"])
                Assert.That(page, Does.Match($@"\| {label} \| 2 \| -[\d,.]+ ± [\d,.]+ \(2\) \| -[\d,.]+ ± [\d,.]+ \(2\) \| \d+ \| \d+(\.\d+)? \|"));
            Assert.That(page, Does.Contain("(pictures/comparison-pendulum.png)"));
            Assert.That(File.ReadAllText(folder["pictures", "comparison-pendulum.csv"]), Does.Contain("SAC,2,160,"));
            Assert.That(Options(folder, "mbpo").Settings.TrainerOptions.Steps, Is.EqualTo(160));
            Assert.That(Options(folder, "sac").Settings.TrainerOptions.Steps, Is.EqualTo(160));
        });
        var second = ToolResult.Of(command);
        Assert.That(second.Code, Is.Zero, second.Errors);
        Assert.That(File.GetLastWriteTimeUtc(folder["runs", "pendulum", "sac", "seed-2", "report.json"]), Is.EqualTo(written), "it is not trained again");
        ToolResult.Of([.. command, "sac:Policy.LearningRate=0.5"]).MustFail(ExitCodes.BadArguments, "holds a run with other settings");
    }

    [TestCase("There is no task 'Pendulem'", "Pendulem")]
    [TestCase("There is no algorithm 'sacc'. Did you mean sac?", "Pendulum", "--algorithms", "sacc")]
    [TestCase("are no seeds", "Pendulum", "--seeds", "a")]
    [TestCase("--parallel is 0, but must be at least 1.", "Pendulum", "--parallel", "0")]
    [TestCase("There is no page", "Pendulum", "--into", "nowhere.md")]
    [TestCase("--set names pets, which is not compared", "Pendulum", "--algorithms", "mbpo", "--set", "pets:Planner.Horizon=20")]
    [TestCase("There is no option 'Planner.Horizn'", "Pendulum", "--set", "pets:Planner.Horizn=20")]
    public void Arguments_that_are_not_understood_are_said(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        ToolResult.Of(["compare", .. arguments, "--steps", "200", "--out", folder["runs"]]).MustFail(ExitCodes.BadArguments, message);
        Assert.That(Directory.Exists(folder["runs"]), Is.False, "nothing is written");
    }

    // PlaNet sees the line's pictures, and no pictures are there of the mountain car.
    [Test]
    public void PlaNet_learns_from_the_pictures_of_a_task_and_is_left_out_where_there_are_none()
    {
        using var folder = new TemporaryFolder();
        string[] tiny =
        [
            "--set", "planet:Trainer.SeedEpisodes=1", "planet:Trainer.UpdatesPerFit=2", "planet:Trainer.EvaluationEpisodes=1", "planet:Planner.Horizon=2",
            "planet:CrossEntropy.Candidates=4", "planet:CrossEntropy.Elites=2", "planet:CrossEntropy.Iterations=1",
        ];
        var compared = ToolResult.Of(["compare", "Line", "--algorithms", "planet", "--seeds", "1", "--steps", "90", "--out", folder["runs"], .. tiny]);
        Assert.That(compared.Code, Is.Zero, compared.Errors);
        var run = new RunFolder(folder["runs", "line", "planet", "seed-1"]);
        Assert.That(RunOptions.Read(run.Options, TaskList.Catalog).Task.Name, Is.EqualTo("PixelLine"));
        var none = ToolResult.Of(["compare", "MountainCar", "--algorithms", "planet", "--steps", "90", "--out", folder["other"]]);
        none.MustFail(ExitCodes.BadArguments, "No algorithm is left on MountainCar");
        Assert.That(none.Errors, Does.Contain("Left out: PlaNet on MountainCar, of which there are no pictures."));
    }

    // A frame of the pendulum is two of its steps.
    [Test]
    public void Steps_of_a_task_that_is_seen_as_pictures_are_counted_as_the_task_counts_them()
    {
        var (task, seen) = (TaskList.Catalog.Named("Pendulum"), TaskList.Catalog.Named("PixelPendulum"));
        Assert.That(AlgorithmComparison.RepeatOf(task, seen), Is.EqualTo(2));
        Assert.That(AlgorithmComparison.RepeatOf(task, task), Is.EqualTo(1));
        using var folder = new TemporaryFolder();
        var run = ToolResult.Of(
            ["train", "PixelPendulum", "--algorithm", "planet", "--steps", "210", "--out", folder["run"], "--workers", "1", "--set", "Trainer.SeedEpisodes=1",
                "Trainer.UpdatesPerFit=2", "Planner.Horizon=2", "CrossEntropy.Candidates=4", "CrossEntropy.Elites=2", "CrossEntropy.Iterations=1"]);
        Assert.That(run.Code, Is.Zero, run.Errors);
        var comparison = AlgorithmComparison.Read(task, 420, [(Algorithm.Named("planet"), [new RunFolder(folder["run"])])], TaskList.Catalog);
        var read = comparison.Results[0].Runs[0];
        Assert.Multiple(() =>
        {
            Assert.That(read.Steps, Is.EqualTo(420));
            Assert.That(read.Evaluations[0].Step, Is.EqualTo(400), "the evaluation after two episodes of 100 frames");
            Assert.That(comparison.ToMarkdown(), Does.Contain("### Pendulum, 420 steps").And.Contain("| PlaNet | 1 |"));
        });
    }

    [Test]
    public void A_row_counts_the_last_quarter_of_each_seed_and_its_best_evaluation()
    {
        var compared = new ComparedAlgorithm(
            Algorithm.Named("sac"), [Run(1, 1000, (250, 9), (800, 2), (1000, 4)), Run(2, 1000, (250, 1), (500, 7))],
            [TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(4)]);
        Assert.Multiple(() =>
        {
            Assert.That(compared.LastReturns, Is.EqualTo(new[] { 3.0 }), "the second seed ended before");
            Assert.That(compared.BestReturns, Is.EqualTo(new[] { 9.0, 7.0 }));
            Assert.That(compared.DecisionTime, Is.EqualTo(TimeSpan.FromMilliseconds(3)));
            Assert.That(compared.TrainingSeconds, Is.EqualTo(12));
            Assert.That(new ComparedAlgorithm(Algorithm.Named("sac"), [], []).DecisionTime, Is.Null);
            Assert.That(new AlgorithmComparison(TaskList.Named("Pendulum"), 1000, [compared]).ToMarkdown(),
                Does.Contain("| SAC | 2 | 3.0 (1) | 8.0 ± 1.4 (2) | 12 | 3.00 |"));
        });
    }

    private static RunOptions Options(TemporaryFolder folder, string algorithm) =>
        RunOptions.Read(folder["runs", "pendulum", algorithm, "seed-1", "options.json"], TaskList.Catalog);

    private static RecordedRun Run(int seed, int planned, params (long Step, double Return)[] points) => new()
    {
        Place = "",
        Task = "Pendulum",
        Algorithm = "sac",
        Label = "SAC",
        Settings = "",
        Seed = seed,
        Evaluations = [.. points.Select(point => new RunEvaluation(point.Step, point.Return, null, 0))],
        Steps = points[^1].Step,
        PlannedSteps = planned,
        Seconds = 12,
        Machines = [],
        IsFinished = true,
    };
}
