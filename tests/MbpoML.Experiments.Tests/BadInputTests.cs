using MbpoML.Environments;
using MbpoML.Experiments.Ablations;
using MbpoML.Experiments.Evaluations;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;
using MbpoML.Tests.BadInput;
using MbpoML.Training;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Experiments.Tests;

/// <summary>Whatever a caller may give to the package MbpoML.Experiments that cannot be right is refused, with the documented exception that names the argument and the value.</summary>
[Category("Text")]
public class BadInputTests
{
    private const string Begin = "RunFolder.Begin(RunDescription)";

    private static TaskCatalog Tasks => TaskCatalog.Analytic;

    private static IReadOnlyCollection<BadCase> Table =>
    [
        Bad<ArgumentNullException>("RunFolder(string)", "no path", () => new RunFolder(null!), "path"),
        Bad<ArgumentNullException>("RunFolder.For(string, string, string)", "no path", () => RunFolder.For(null!), "path"),
        Bad<ArgumentException>("RunFolder.For(string, string, string)", "a blank path", () => RunFolder.For(" "), "path"),
        Bad<ArgumentException>("RunFolder.For(string, string, string)", "a blank task", () => RunFolder.For("run", task: ""), "task"),
        Bad<ArgumentException>("RunFolder.For(string, string, string)", "a blank label", () => RunFolder.For("run", label: " "), "label"),
        Bad<ArgumentNullException>(Begin, "no run", () => ((IRunRecord)RunFolder.For("run")).Begin(null!), "run"),
        Bad<RunFolderException>(Begin, "a folder with a run", () => InFolder(folder =>
        {
            TinyRun.Spec.Resolve(Tasks).Write(folder["options.json"]);
            ((IRunRecord)RunFolder.For(folder.FullName)).Begin(Run());
        }), "There is a run in", "already. Name another folder"),
        Bad<RunFolderException>(Begin, "a folder with something else", () => InFolder(folder =>
        {
            File.WriteAllText(folder["metrics.jsonl"], "mine");
            ((IRunRecord)RunFolder.For(folder.FullName)).Begin(Run());
        }), "metrics.jsonl' is there, which a run would write over"),
        Bad<RunInUseException>(Begin, "a folder in use", () => InFolder(folder =>
        {
            using var turn = TakenRun.Claim(new RunFolder(folder["run"]));
            ((IRunRecord)RunFolder.For(folder["run"])).Begin(Run());
        }), "is in use: another process"),
    ];

    private static IEnumerable<TestCaseData> Rows => Table.Select(row => row.ToTest());

    [TestCaseSource(nameof(Rows))]
    public void It_is_refused(object row) => ((BadCase)row).Verify();

    [Test]
    public void Every_public_member_is_in_the_table() => SurfaceCoverage.Verify(typeof(RunFolder).Assembly, Table, MembersWithoutBadInput.Reasons);

    private static RunDescription Run() => new(new PendulumEnvironment(), 1, null, new Dictionary<string, string>(), "dynamics", "policy");

    private static void InFolder(Action<TemporaryFolder> use)
    {
        using var folder = new TemporaryFolder();
        use(folder);
    }
}
