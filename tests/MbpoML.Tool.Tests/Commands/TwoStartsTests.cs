using System.Diagnostics;
using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>
/// When several commands want one folder at the same moment, exactly one trains, and the others say that it is in use or that there is a run.
/// </summary>
public class TwoStartsTests
{
    private static readonly string[][] Starts = [["train"], ["train", "--seeds", "1,2"]];

    [TestCaseSource(nameof(Starts))]
    public void Exactly_one_of_two_starts_trains(string[] more)
    {
        using var folder = new TemporaryFolder();
        Process[] processes = [Start(ToolResult.TinyPendulum(folder["run"], more[1..])), Start(ToolResult.TinyPendulum(folder["run"], more[1..]))];
        var errors = processes.Select(process => process.StandardError.ReadToEndAsync()).ToArray();
        foreach (var process in processes) process.StandardOutput.ReadToEnd();
        foreach (var process in processes) process.WaitForExit();
        var loser = processes[0].ExitCode == 0 ? 1 : 0;
        Assert.Multiple(() =>
        {
            Assert.That(processes.Count(process => process.ExitCode == 0), Is.EqualTo(1), string.Join('\n', errors.Select(text => text.Result)));
            Assert.That(errors[loser].Result, Does.Contain("another process").Or.Contain("There is a run in"));
            Assert.That(Directory.GetFiles(folder["run"], "*", SearchOption.AllDirectories)
                .Where(file => file.EndsWith(".unfinished", StringComparison.Ordinal) || file.EndsWith("training.lock", StringComparison.Ordinal)), Is.Empty);
        });
        foreach (var process in processes) process.Dispose();
    }

    [TestCase("train")]
    [TestCase("resume")]
    public void A_command_says_that_a_folder_is_in_use_as_long_as_another_holds_it(string command)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(TrainedRun.Folder, "options.json"), folder["options.json"]);
        var before = File.ReadAllText(folder["options.json"]);
        using (TakenRun.Take(new RunFolder(folder.FullName)))
        {
            var result = command == "train" ? ToolResult.Of(ToolResult.TinyPendulum(folder.FullName))
                : ToolResult.Of("resume", folder.FullName, "--steps", "400");
            result.MustFail(ExitCodes.Failed, $"'{folder.FullName}' is in use: another process");
            Assert.That(Directory.GetFiles(folder.FullName).Select(Path.GetFileName), Is.EquivalentTo(new[] { "options.json", "training.lock" }));
        }

        Assert.That(File.ReadAllText(folder["options.json"]), Is.EqualTo(before));
    }

    [Test]
    public void A_folder_that_another_command_has_just_taken_is_in_use_before_anything_is_written_to_it()
    {
        using var folder = new TemporaryFolder();
        using (TakenRun.Claim(new RunFolder(folder["run"])))
            ToolResult.Of(ToolResult.TinyPendulum(folder["run"])).MustFail(ExitCodes.Failed, "is in use: another process");
        Assert.That(Directory.GetFileSystemEntries(folder["run"]), Is.Empty);
    }

    [Test]
    public void A_lock_is_held_by_one_at_a_time_whoever_comes_and_goes()
    {
        const int Takers = 4;
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder.FullName);
        var (holders, most, taken) = (0, 0, 0);
        Parallel.For(0, Takers * 50, new ParallelOptions { MaxDegreeOfParallelism = Takers }, _ =>
        {
            try
            {
                using var turn = TakenRun.Take(run);
                var now = Interlocked.Increment(ref holders);
                lock (run) (most, taken) = (Math.Max(most, now), taken + 1);
                Thread.Yield();
                Interlocked.Decrement(ref holders);
            }
            catch (RunInUseException)
            {
                // As most of them must.
            }
        });
        Assert.That((most, taken > 0, File.Exists(folder["training.lock"])), Is.EqualTo((1, true, false)));
    }

    private static Process Start(string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [typeof(CommandLine).Assembly.Location, .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
