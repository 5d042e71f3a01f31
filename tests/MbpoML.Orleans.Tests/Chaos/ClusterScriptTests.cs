using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using static System.FormattableString;

namespace MbpoML.Orleans.Tests.Chaos;

/// <summary>The script that starts a server and workers on one machine, to try a cluster.</summary>
[Platform("Linux", Reason = "It is a script of a shell, and processes are looked for in /proc.")]
public partial class ClusterScriptTests
{
    private const int Terminate = 15;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    // SIGTERM: a test may run where Ctrl+C is ignored, and a shell cannot heed then what it was started to ignore.
    [Test]
    [CancelAfter(60_000)]
    public async Task It_starts_a_cluster_and_leaves_nothing_behind_when_it_is_stopped(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        using var script = Start(folder, $"dotnet {WorkerProcess.Tool}");
        int[] started = [];
        try
        {
            var log = folder["cluster", "worker-1.log"];
            while (!File.Exists(log) || !Read(log).Contains("is in the cluster mbpo, with 1 slots", StringComparison.Ordinal))
            {
                Assert.That(script.HasExited, Is.False, "it waits for its end");
                await Task.Delay(_pause, cancellationToken);
            }

            started = ChildrenOf(script.Id);
            Assert.That(started, Has.Length.EqualTo(2), "a server and a worker");
            Assert.That(Send(script.Id, Terminate), Is.Zero);
            await script.WaitForExitAsync(cancellationToken);
            Assert.Multiple(() =>
            {
                Assert.That(script.ExitCode, Is.EqualTo(130));
                Assert.That(started.Where(IsAlive), Is.Empty);
            });
        }
        finally
        {
            End(script, started);
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task It_says_that_a_worker_ended_and_ends_the_others(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        using var script = Start(folder, "false");
        try
        {
            await script.WaitForExitAsync(cancellationToken);
            Assert.Multiple(() =>
            {
                Assert.That(script.ExitCode, Is.EqualTo(1));
                Assert.That(script.StandardError.ReadToEnd(), Does.Contain("cluster.sh: one of them ended; see "));
            });
        }
        finally
        {
            End(script, []);
        }
    }

    private static Process Start(TemporaryFolder folder, string tool) => Process.Start(new ProcessStartInfo(
        "bash", [Repository.At("scripts", "cluster.sh"), folder["cluster"]])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["PORT"] = RedisServer.FreePort().ToString(CultureInfo.InvariantCulture), ["WORKERS"] = "1", ["SLOTS"] = "1", ["MBPO"] = tool,
        },
    })!;

    private static void End(Process script, int[] started)
    {
        if (!script.HasExited) script.Kill(entireProcessTree: true);
        foreach (var id in started.Where(IsAlive)) _ = Send(id, 9);
    }

    // Each in a session of its own, but children of the script.
    private static int[] ChildrenOf(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(name => name.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture)).Where(id => ParentOf(id) == parent),
    ];

    // The fields of stat stand behind the name of the program, which may hold anything: the state, then the parent. A process may end meanwhile.
    private static int? ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText(Invariant($"/proc/{id}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsAlive(int id) => Directory.Exists(Invariant($"/proc/{id}"));

    private static string Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
