using System.Diagnostics;
using System.Globalization;
using MbpoML.Training;

namespace MbpoML.Tests.Training.Checkpoints;

/// <summary>
/// Training processes that are killed, asked to end, or run out of disk, and what becomes of their runs. The benchmark program trains; its verb "kill" does
/// more of the same.
/// </summary>
public sealed class KilledProcessTests
{
    private const string Steps = "90";
    private const int Stopped = 3;
    private static readonly string Program = Path.Combine(Repository.Output("tests", "MbpoML.Benchmarks"), "MbpoML.Benchmarks.dll");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private TemporaryFolder _folder = null!;

    private string Checkpoints => _folder["checkpoints"];

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Runs_killed_at_random_moments_end_as_an_undisturbed_one()
    {
        var child = ChildProcess.Dotnet([Program, "kill", "--kills", "5", "--steps", Steps]);
        TestContext.Out.WriteLine(child.Output);
        Assert.That(child.ExitCode, Is.Zero, child.Output + child.Errors);
        Assert.That(child.Output, Does.Contain("5 kills").And.Contain(", 0 differences"));
    }

    [TestCase("dhmbpo")]
    [TestCase("metrpo")]
    [TestCase("pets")]
    [TestCase("ppo")]
    public void So_do_runs_of_the_other_algorithms(string algorithm)
    {
        var child = ChildProcess.Dotnet([Program, "kill", "--kills", "2", "--steps", Steps, "--algorithm", algorithm]);
        Assert.That(child.ExitCode, Is.Zero, child.Output + child.Errors);
        Assert.That(child.Output, Does.Contain("2 kills").And.Contain(", 0 differences"));
    }

    // Also between two updates of the latent model, and with a belief in the middle of an episode.
    [Test]
    public void Runs_of_PlaNet_do_so_too()
    {
        var child = ChildProcess.Dotnet([Program, "kill", "--kills", "2", "--steps", "62", "--task", "PixelLine"]);
        TestContext.Out.WriteLine(child.Output);
        Assert.That(child.ExitCode, Is.Zero, child.Output + child.Errors);
        Assert.That(child.Output, Does.Contain("2 kills").And.Contain(", 0 differences"));
    }

    [TestCase("-TERM")]
    [TestCase("-HUP")]
    [Platform("Linux,MacOsX", Reason = "signals")]
    public void A_run_that_is_asked_to_end_writes_its_last_checkpoint_and_goes_on_from_there(string name)
    {
        var command = Hangup.Heeded([ChildProcess.Host, Program, "killed-run", Checkpoints, "--steps", Steps]);
        var undisturbed = Train(_folder["undisturbed"]);
        var stopped = ChildProcess.Run(command[0], command[1..], whileRunning: process =>
        {
            Assert.That(SpinWait.SpinUntil(() => Checkpointing.Exists(Checkpoints), Patience), "the first checkpoint");
            using var signal = Process.Start("kill", [name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        });
        Assert.That(stopped.ExitCode, Is.EqualTo(Stopped), stopped.Errors);
        var steps = int.Parse(stopped.Errors.Split("Stopped after ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.That(File.Exists(Path.Combine(Checkpoints, $"step-{steps:D12}.checkpoint")), "the checkpoint is of the step at which the run was stopped");
        Assert.That(Train(Checkpoints), Is.EqualTo(undisturbed));
    }

    // A limit on the size of a file stands for a full disk, which a test cannot make without the rights of an administrator: the write fails in the middle of a
    // checkpoint.
    [Test]
    [Platform("Linux", Reason = "ulimit")]
    public void A_full_disk_stops_the_run_with_a_clear_error_and_a_usable_last_checkpoint()
    {
        var undisturbed = Train(_folder["undisturbed"]);
        var size = new FileInfo(Directory.EnumerateFiles(_folder["undisturbed"]).Max()!).Length;
        // The pools grow, so the first checkpoints fit and a later one does not.
        var limit = (0.8 * size / 1024).ToString("F0", CultureInfo.InvariantCulture);
        var full = ChildProcess.Run(
            "bash", ["-c", $"trap '' XFSZ; ulimit -f {limit}; exec \"$@\"", "bash", ChildProcess.Host, Program, "killed-run", Checkpoints, "--steps", Steps],
            // The runtime keeps the code that it compiles in a file of its own otherwise, which the limit would meet first.
            environment: new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" });
        Assert.That(full.ExitCode, Is.EqualTo(1), full.Errors);
        Assert.That(full.Errors, Does.Contain("cannot be written to").And.Contain("The run can be resumed from"));
        Assert.That(Directory.EnumerateFiles(Checkpoints, "*.unfinished"), Is.Empty);
        Assert.That(Train(Checkpoints), Is.EqualTo(undisturbed), "with room again, the run goes on");
    }

    private static string Train(string checkpoints)
    {
        var child = ChildProcess.Dotnet([Program, "killed-run", checkpoints, "--steps", Steps]);
        Assert.That(child.ExitCode, Is.Zero, child.Errors);
        return child.Output;
    }
}
