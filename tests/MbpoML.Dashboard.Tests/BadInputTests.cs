using System.Net;
using System.Net.Sockets;
using MbpoML.Tests;
using MbpoML.Tests.BadInput;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Dashboard.Tests;

/// <summary>Whatever a caller may give that cannot be right is refused, with the documented exception that names the argument and the value.</summary>
[Category("Text")]
public class BadInputTests
{
    private const string Start = "DashboardServer.StartAsync(DashboardOptions, CancellationToken)";
    private const string Copy = "OfflineCopy.WriteAsync(string, DashboardOptions)";

    private static string Here => Path.GetTempPath();

    private static IReadOnlyCollection<BadCase> Table =>
    [
        Bad<ArgumentNullException>(Start, "no options", () => Run(DashboardServer.StartAsync(null!)), "options"),
        Bad<ArgumentException>(Start, "an option out of range", () => Begin(new() { Paths = [Here], Port = -1 }), "Port is -1"),
        Bad<IOException>(Start, "a port that is taken", () =>
        {
            using var other = new TcpListener(IPAddress.Loopback, 0);
            other.Start();
            Begin(new() { Paths = [Here], Port = ((IPEndPoint)other.LocalEndpoint).Port });
        }, "address already in use"),
        Bad<ArgumentNullException>(Copy, "no path", () => Run(OfflineCopy.WriteAsync(null!, new() { Paths = [Here] })), "path"),
        Bad<ArgumentException>(Copy, "a blank path", () => Run(OfflineCopy.WriteAsync(" ", new() { Paths = [Here] })), "path"),
        Bad<ArgumentNullException>(Copy, "no options", () => Run(OfflineCopy.WriteAsync("never.html", null!)), "options"),
        Bad<ArgumentException>(Copy, "an option out of range", () => Run(OfflineCopy.WriteAsync("never.html", new() { Paths = [] })), "Paths is empty"),
        Bad<ArgumentException>("DashboardOptions.Paths", "null", () => Begin(new() { Paths = null! }), "Paths is empty"),
        Bad<ArgumentException>("DashboardOptions.Paths", "none", () => Begin(new() { Paths = [] }), "Paths is empty"),
        Bad<ArgumentException>("DashboardOptions.Paths", "no folder", () => Begin(new() { Paths = ["nowhere"] }), "Paths has 'nowhere'", "no such folder"),
        Bad<ArgumentException>("DashboardOptions.Paths", "a blank one", () => Begin(new() { Paths = [Here, " "] }), "Paths has ' '"),
        Bad<ArgumentException>("DashboardOptions.Bind", "null", () => Begin(new() { Paths = [Here], Bind = null! }), "Bind is ''"),
        Bad<ArgumentException>("DashboardOptions.Bind", "a name", () => Begin(new() { Paths = [Here], Bind = "example.org" }), "Bind is 'example.org'"),
        Bad<ArgumentException>("DashboardOptions.Port", "too great", () => Begin(new() { Paths = [Here], Port = 70_000 }), "Port is 70000", "65535"),
        Bad<ArgumentException>("DashboardOptions.Token", "too short", () => Begin(new() { Paths = [Here], Token = "secret" }), "Token has 6 characters"),
        Bad<ArgumentException>("DashboardOptions.Token", "other letters", () => Begin(new() { Paths = [Here], Token = "0123456789 abcdef" }), "Token has 17"),
        Bad<ArgumentException>("DashboardOptions.HostNames", "null", () => Begin(new() { Paths = [Here], HostNames = null! }), "HostNames"),
        Bad<ArgumentException>("DashboardOptions.HostNames", "an address", () => Begin(new() { Paths = [Here], HostNames = ["http://a"] }), "'http://a'"),
        Bad<ArgumentException>(
            "DashboardOptions.PollInterval", "none", () => Begin(new() { Paths = [Here], PollInterval = TimeSpan.Zero }), "PollInterval is 0"),
        Bad<ArgumentException>(
            "DashboardOptions.ScanInterval", "shorter than the other", () => Begin(new() { Paths = [Here], ScanInterval = TimeSpan.FromSeconds(0.1) }),
            "ScanInterval is 0.1", "from 0.5"),
        Bad<ArgumentException>("DashboardOptions.MaxRuns", "none", () => Begin(new() { Paths = [Here], MaxRuns = 0 }), "MaxRuns is 0"),
        Bad<ArgumentException>(
            "DashboardOptions.MaxMetricsBytes", "too few", () => Begin(new() { Paths = [Here], MaxMetricsBytes = 1 }), "MaxMetricsBytes is 1"),
        Bad<ArgumentException>("DashboardOptions.MaxValues", "too few", () => Begin(new() { Paths = [Here], MaxValues = 1 }), "MaxValues is 1"),
        Bad<ArgumentException>("DashboardOptions.MaxViewers", "none", () => Begin(new() { Paths = [Here], MaxViewers = 0 }), "MaxViewers is 0"),
        Bad<ArgumentException>("DashboardOptions.Clock", "null", () => Begin(new() { Paths = [Here], Clock = null! }), "Clock is null"),
    ];

    private static IEnumerable<TestCaseData> Rows => Table.Select(row => row.ToTest());

    [TestCaseSource(nameof(Rows))]
    public void Bad_input_is_refused(object row) => ((BadCase)row).Verify();

    [Test]
    public void Every_public_member_has_a_row_or_a_reason() =>
        SurfaceCoverage.Verify(typeof(DashboardServer).Assembly, Table, MembersWithoutBadInput.Reasons);

    [TestCase("")]
    [TestCase("nowhere/copy.html")]
    public void A_copy_that_cannot_be_written_is_an_error_that_says_so(string path)
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            () => Run(OfflineCopy.WriteAsync(Path.Combine(folder.FullName, path), new() { Paths = [folder.FullName] })), Throws.InstanceOf<IOException>()
                .Or.InstanceOf<UnauthorizedAccessException>());
    }

    private static void Begin(DashboardOptions options) => Run(DashboardServer.StartAsync(options));

    private static void Run(Task task) => task.GetAwaiter().GetResult();
}
