using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;
using static MbpoML.Experiments.Tests.Reports.SomeRuns;

namespace MbpoML.Experiments.Tests.Reports;

[Category("Text")]
public class CurveFolderTests
{
    [Test]
    public void Curves_lie_by_algorithm_task_and_seed()
    {
        using var folder = new TemporaryFolder();
        var changed = Run(2, (1000, 5)) with { Label = "DHMBPO (Policy.Critics 5)", Settings = "Policy.Critics=5" };
        var files = CurveFolder.Write(folder.FullName, [Task(null, [], Run(1, (1000, 5)), Run(2, (1000, 5)), changed)]);
        Assert.That(files, Is.EqualTo(new[]
        {
            folder["dhmbpo", "Hopper", "seed-1.csv"], folder["dhmbpo", "Hopper", "seed-2.csv"], folder["dhmbpo-policy-critics-5", "Hopper", "seed-2.csv"],
        }));
        Assert.That(files, Has.All.Matches<string>(File.Exists));
    }

    // Labels of the user's that differ in signs alone.
    [Test]
    public void Two_runs_for_one_file_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var (plus, minus) = (Run(1, (1000, 5)) with { Label = "mine +", Place = "a" }, Run(1, (1000, 5)) with { Label = "mine -", Place = "b" });
        Assert.That(() => CurveFolder.Write(folder.FullName, [Task(null, [], plus, minus)]),
            Throws.TypeOf<RunDataException>().With.Message.Contains("'a' and 'b' would both be written to"));
        Assert.That(Directory.GetFileSystemEntries(folder.FullName), Is.Empty);
    }

    [TestCase("..", "../../x")]
    [TestCase("../..", "..")]
    [TestCase("<>", "C:\\x")]
    public void No_name_leaves_the_folder(string label, string task)
    {
        using var folder = new TemporaryFolder();
        var run = Run(1, (1000, 5)) with { Label = label, Task = task };
        var file = CurveFolder.Write(folder["inside"], [new TaskRuns(task, [run], [], null)])[0];
        Assert.That(Path.GetFullPath(file), Does.StartWith(folder["inside"] + Path.DirectorySeparatorChar));
        Assert.That(Path.GetRelativePath(folder["inside"], file).Split(Path.DirectorySeparatorChar), Has.Length.EqualTo(3));
    }

    [Test]
    public void Files_stand_for_their_runs_alone_in_folders_and_beside_other_tables()
    {
        using var folder = new TemporaryFolder();
        var files = CurveFolder.Write(folder["curves"], [Task(null, [], Run(1, (1000, 5)), Run(2, (2000, 7)))]);
        File.WriteAllText(folder["curves", "averages.csv"], "algorithm,seeds,step,return_mean,return_std\n");
        Assert.Multiple(() =>
        {
            Assert.That(Seeds(folder["curves"]), Is.EqualTo(new[] { 1, 2 }));
            Assert.That(Seeds(files[1]), Is.EqualTo(new[] { 2 }));
            Assert.That(Seeds(files[1], folder["curves"]), Is.EqualTo(new[] { 2, 1 }), "each once");
            Assert.That(() => Seeds(folder["curves", "averages.csv"]), Throws.TypeOf<RunDataException>().With.Message.Contains("is no curve of a run"));
            Assert.That(() => Seeds(folder["nowhere.csv"]), Throws.TypeOf<RunSpecException>().With.Message.Contains("There is no run in"));
        });
    }

    [Test]
    public void What_is_published_of_a_task_stands_beside_its_curves_and_beside_no_other()
    {
        using var folder = new TemporaryFolder();
        var other = Run(1, (1000, 5)) with { Task = "Reactor" };
        CurveFolder.Write(folder.FullName, [Task(null, [], Run(1, (1000, 5))), new TaskRuns("Reactor", [other], [], null)]);
        var pendulum = TaskCatalog.Analytic.Named("Pendulum");
        var catalog = new TaskCatalog([pendulum with { Name = "Hopper", Published = [Published("mbpo", (5000, 1))], Threshold = 3000 }]);
        var tasks = TaskRuns.Read([folder.FullName], catalog, _ => { });
        Assert.That(tasks.Select(task => (task.Task, task.Published.Count, task.Threshold)),
            Is.EqualTo(new[] { ("Hopper", 1, (double?)3000), ("Reactor", 0, null) }));
    }

    private static int[] Seeds(params string[] paths) =>
        [.. TaskRuns.Read(paths, TaskCatalog.Analytic, _ => { }).SelectMany(task => task.Runs).Select(run => run.Seed)];
}
