using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests.BadInput;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Orleans.Tests;

/// <summary>Whatever a caller may give that cannot be right is refused, with the documented exception that names the argument and the value.</summary>
[Category("Text")]
public class BadInputTests
{
    private const string Work = "ClusterWorker.RunAsync(ClusterOptions, WorkerOptions, IProgress<RunEvent>, IProgress<string>, CancellationToken)";
    private const string Run =
        "ClusterStudy.RunAsync(Study, ClusterOptions, WorkerOptions, IProgress<RunEvent>, IProgress<StudyProgress>, IProgress<string>, CancellationToken)";

    private const string Connect = "CollectorPool.ConnectAsync(ClusterOptions, WorkerOptions, IProgress<string>, CancellationToken)";

    private static readonly ClusterOptions _cluster = new() { Store = Path.GetTempPath(), Redis = "localhost:1" };

    private static readonly WorkerOptions _worker = new() { Executor = new InProcessExecutor(TaskCatalog.Analytic) };

    private static IReadOnlyCollection<BadCase> Table =>
    [
        Bad<ArgumentNullException>(Work, "no cluster", () => Begin(null!, _worker), "cluster"),
        Bad<ArgumentNullException>(Work, "no worker", () => Begin(_cluster, null!), "worker"),
        Bad<RunSpecException>(Work, "no server", () => Begin(_cluster with { Redis = null }, _worker), "Redis is null"),
        Bad<RunSpecException>(
            Work, "a store below a file", () => WithFile(file => Begin(_cluster with { Store = Path.Combine(file, "store") }, _worker)), "cannot be made"),
        Bad<ArgumentNullException>(Run, "no study", () => Wait(ClusterStudy.RunAsync(null!, _cluster)), "study"),
        Bad<ArgumentNullException>(Run, "no cluster", () => WithStudy(study => Wait(ClusterStudy.RunAsync(study, null!))), "cluster"),
        Bad<RunSpecException>(
            Run, "neither a server nor a worker",
            () => WithStudy(study => Wait(ClusterStudy.RunAsync(study, _cluster with { Redis = null }))), "Redis is null"),
        Bad<RunSpecException>(
            Run, "a worker that cannot be", () => WithStudy(study => Wait(ClusterStudy.RunAsync(study, _cluster, _worker with { Slots = 0 }))), "Slots is 0"),
        Bad<RunInUseException>(
            Run, "a study that another process goes on with",
            () => WithStudy(study =>
            {
                using var other = TakenRun.Take(new RunFolder(study.Folder));
                Wait(ClusterStudy.RunAsync(study, _cluster));
            }), "in use"),
        Bad<RunDataException>(
            Run, "a journal that cannot be read",
            () => WithStudy(study =>
            {
                File.AppendAllText(Path.Combine(study.Folder, Study.JournalFile), "nothing\n");
                Wait(ClusterStudy.RunAsync(study, _cluster));
            }), "Line 2"),
        Bad<RunSpecException>(
            Run, "a store below a file",
            () => WithStudy(study => WithFile(file => Wait(ClusterStudy.RunAsync(study, _cluster with { Store = Path.Combine(file, "store") })))),
            "cannot be made"),
        Bad<ArgumentNullException>(Connect, "no cluster", () => Wait(CollectorPool.ConnectAsync(null!)), "cluster"),
        Bad<RunSpecException>(
            Connect, "neither a server nor a worker", () => Wait(CollectorPool.ConnectAsync(_cluster with { Redis = null })), "Redis is null"),
        Bad<RunSpecException>(Connect, "a worker that steps none", () => Wait(CollectorPool.ConnectAsync(_cluster, _worker)), "Collectors is 0"),
        Bad<OperationCanceledException>(
            Connect, "a cancelled token", () => Wait(CollectorPool.ConnectAsync(_cluster, cancellationToken: new CancellationToken(canceled: true)))),
        Bad<ArgumentNullException>("CollectorPool.Create(TrainingTask)", "no task", NoTask, "task"),
        Bad<RunSpecException>("WorkerOptions.Collectors", "negative", () => Begin(_cluster, _worker with { Collectors = -1 }), "Collectors is -1"),
        Bad<RunSpecException>("ClusterOptions.Store", "null", () => Begin(_cluster with { Store = null! }, _worker), "Store is ''"),
        Bad<RunSpecException>("ClusterOptions.Store", "a file", () => WithFile(file => Begin(_cluster with { Store = file }, _worker)), "which is a file"),
        Bad<RunSpecException>("ClusterOptions.Redis", "no address", () => Begin(_cluster with { Redis = "" }, _worker), "Redis is ''"),
        Bad<RunSpecException>("ClusterOptions.Redis", "a setting that there is not", () => Begin(_cluster with { Redis = "a:1,x=y" }, _worker), "a:1,x=y"),
        Bad<RunSpecException>("ClusterOptions.Name", "null", () => Begin(_cluster with { Name = null! }, _worker), "Name is ''"),
        Bad<RunSpecException>("ClusterOptions.Name", "other letters", () => Begin(_cluster with { Name = "a b" }, _worker), "Name is 'a b'"),
        Bad<RunSpecException>("ClusterOptions.LeaseTime", "none", () => Begin(_cluster with { LeaseTime = TimeSpan.Zero }, _worker), "LeaseTime is 0 s"),
        Bad<RunSpecException>(
            "ClusterOptions.PollInterval", "none", () => Begin(_cluster with { PollInterval = TimeSpan.Zero }, _worker), "PollInterval is 0 s", "0.05"),
        Bad<RunSpecException>("ClusterOptions.Pause", "negative", () => Begin(_cluster with { Pause = TimeSpan.FromSeconds(-1) }, _worker), "Pause is -1 s"),
        Bad<RunSpecException>("ClusterOptions.Clock", "null", () => Begin(_cluster with { Clock = null! }, _worker), "Clock is null"),
        Bad<RunSpecException>("WorkerOptions.Executor", "null", () => Begin(_cluster, _worker with { Executor = null! }), "Executor is null"),
        Bad<RunSpecException>("WorkerOptions.Slots", "none", () => Begin(_cluster, _worker with { Slots = 0 }), "Slots is 0"),
        Bad<RunSpecException>("WorkerOptions.Name", "null", () => Begin(_cluster, _worker with { Name = null! }), "Name is ''"),
        Bad<RunSpecException>("WorkerOptions.Address", "a name", () => Begin(_cluster, _worker with { Address = "example.org" }), "'example.org'"),
        Bad<RunSpecException>("WorkerOptions.SiloPort", "too great", () => Begin(_cluster, _worker with { SiloPort = 70_000 }), "SiloPort is 70000"),
        Bad<RunSpecException>("WorkerOptions.GatewayPort", "negative", () => Begin(_cluster, _worker with { GatewayPort = -1 }), "GatewayPort is -1"),
        Bad<RunSpecException>(
            "WorkerOptions.GatewayPort", "that of the silo", () => Begin(_cluster, _worker with { SiloPort = 5, GatewayPort = 5 }), "both 5"),
    ];

    private static IEnumerable<TestCaseData> Rows => Table.Select(row => row.ToTest());

    [TestCaseSource(nameof(Rows))]
    public void Bad_input_is_refused(object row) => ((BadCase)row).Verify();

    [Test]
    public void Every_public_member_has_a_row_or_a_reason() =>
        SurfaceCoverage.Verify(typeof(ClusterStudy).Assembly, Table, MembersWithoutBadInput.Reasons);

    private static void NoTask()
    {
        var pool = CollectorPool.ConnectAsync(_cluster with { Redis = null }, _worker with { Slots = 0, Collectors = 1 }).GetAwaiter().GetResult();
        try
        {
            pool.Create(null!);
        }
        finally
        {
            pool.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static void Begin(ClusterOptions cluster, WorkerOptions worker) => Wait(ClusterWorker.RunAsync(cluster, worker));

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static void WithFile(Action<string> use)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        use(folder["file"]);
    }

    private static void WithStudy(Action<Study> use)
    {
        using var folder = new TemporaryFolder();
        use(Study.Create(folder["study"], new StudyOptions
        {
            Run = new RunSpec { Task = "Pendulum" },
            Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")],
            Trials = 1,
            Steps = 9000,
        }));
    }
}
