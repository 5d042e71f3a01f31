using System.Diagnostics;
using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class ResumeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Test]
    public void A_run_that_was_killed_goes_on_as_if_it_had_not_been()
    {
        using var folder = new TemporaryFolder();
        using (var process = Start(folder["run"]))
        {
            // An epoch has closed at step 200, beyond the checkpoint of step 150, so it must be taken back.
            WaitFor(() => new FileInfo(folder["run", "metrics.jsonl"]) is { Exists: true, Length: > 0 });
            process.Kill();
            process.WaitForExit();
        }

        var result = ToolResult.Of("resume", folder["run"], "--workers", "1");
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(ToolResult.Metrics(folder["run"]), Is.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
        });
    }

    [TestCase("-TERM")]
    [TestCase("-HUP")]
    [Platform("Linux,MacOsX")]
    public void A_signal_saves_the_run_and_says_how_to_go_on(string signal)
    {
        using var folder = new TemporaryFolder();
        using var process = Start(folder["run"]);
        var output = process.StandardOutput.ReadToEndAsync();
        WaitFor(() => File.Exists(Path.Combine(folder["run"], "metrics.jsonl")));
        Signal(process, signal);
        process.WaitForExit();
        Assert.Multiple(() =>
        {
            Assert.That(process.ExitCode, Is.EqualTo(ExitCodes.Interrupted));
            Assert.That(output.Result, Does.Match($"Stopped after \\d+ steps. Go on with: mbpo resume {folder["run"]}"));
            Assert.That(File.ReadAllText(folder["run", "report.json"]), Does.Contain("\"status\": \"interrupted\""));
        });

        Assert.That(ToolResult.Of("evaluate", folder["run"], "--episodes", "1").Code, Is.Zero);
        Assert.That(ToolResult.Of("resume", folder["run"], "--workers", "1").Code, Is.Zero);
        Assert.That(ToolResult.Metrics(folder["run"]), Is.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
    }

    // As nohup starts it.
    [Test]
    [Platform("Linux,MacOsX")]
    public void A_run_that_is_to_outlive_its_terminal_does()
    {
        using var folder = new TemporaryFolder();
        using var process = Process.Start("sh", ["-c", "trap '' HUP; exec \"$@\" > /dev/null", "sh", .. Command(folder["run"])]);
        WaitFor(() => File.Exists(folder["run", "metrics.jsonl"]));
        Signal(process, "-HUP");
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(ToolResult.Metrics(folder["run"]), Is.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
    }

    [Test]
    public void Metrics_that_cannot_be_read_are_left_alone_and_a_remedy_is_said()
    {
        using var folder = new TemporaryFolder();
        ToolResult.Train(folder["run"]);
        var (good, options) = (File.ReadAllText(folder["run", "metrics.jsonl"]), File.ReadAllText(folder["run", "options.json"]));
        var bad = good.Replace("{", "", StringComparison.Ordinal);
        File.WriteAllText(folder["run", "metrics.jsonl"], bad);
        ToolResult.Of("resume", folder["run"], "--steps", "400").MustFail(ExitCodes.Failed, "Line 1 of");
        ToolResult.Of("resume", folder["run"], "--steps", "400").MustFail(ExitCodes.Failed, "Mend that line, or move the file away");
        Assert.That((File.ReadAllText(folder["run", "metrics.jsonl"]), File.ReadAllText(folder["run", "options.json"])), Is.EqualTo((bad, options)));

        File.Delete(folder["run", "metrics.jsonl"]);
        Assert.That(ToolResult.Of("resume", folder["run"], "--steps", "400", "--workers", "1").Code, Is.Zero);
        Assert.That(ToolResult.Metrics(folder["run"])[..2], Is.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
    }

    [TestCase("finished", 300)]
    [TestCase("interrupted", 250)]
    public void A_run_whose_checkpoints_are_gone_is_not_written_over(string status, int steps)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["options.json", "metrics.jsonl", "policy.zip"]) File.Copy(Path.Combine(TrainedRun.Folder, file), folder[file]);
        File.WriteAllText(folder["report.json"], $"{{\"status\":\"{status}\",\"steps\":{steps}}}");
        var before = File.ReadAllText(folder["options.json"]);
        ToolResult.Of("resume", folder.FullName, "--steps", "400").MustFail(ExitCodes.BadArguments, $"has taken {steps} steps, but its checkpoints are gone");
        Assert.That(ToolResult.Metrics(folder.FullName), Is.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
        Assert.That(File.ReadAllText(folder["options.json"]), Is.EqualTo(before));
    }

    [Test]
    public void A_run_without_a_checkpoint_begins_anew()
    {
        using var folder = new TemporaryFolder();
        ToolResult.Train(folder["run"]);
        Directory.Delete(folder["run", "checkpoints"], recursive: true);
        Assert.That(ToolResult.Of("resume", folder["run"], "--steps", "300", "--set", "Trainer.Checkpoints.EverySteps=100").Code, Is.Zero);
        File.WriteAllText(folder["run", "report.json"], "{\"status\":\"running\"}");
        var result = ToolResult.Of("resume", folder["run"], "--workers", "1");
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(ToolResult.Metrics(folder["run"]), Is.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
            Assert.That(Directory.GetFiles(folder["run", "tensorboard"]), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public void A_finished_run_goes_on_with_more_steps_only()
    {
        using var folder = new TemporaryFolder();
        ToolResult.Train(folder["run"]);
        var finished = ToolResult.Of("resume", folder["run"]);
        var longer = ToolResult.Of("resume", folder.FullName, "--steps", "400", "--workers", "1");
        Assert.Multiple(() =>
        {
            Assert.That((finished.Code, finished.Output.Trim()), Is.EqualTo((0, $"{folder["run"]}: all 300 steps are taken; --steps takes more.")));
            Assert.That(longer.Code, Is.Zero, longer.Errors);
            Assert.That(ToolResult.Metrics(folder["run"])[..2], Is.EqualTo(ToolResult.Metrics(TrainedRun.Folder)));
            Assert.That(ToolResult.Metrics(folder["run"]), Has.Length.EqualTo(3));
        });
    }

    private static Process Start(string folder)
    {
        var command = Hangup.Heeded(Command(folder));
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
    }

    private static string[] Command(string folder) =>
    [
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(CommandLine).Assembly.Location,
        .. ToolResult.TinyPendulum(folder, "--set", "Trainer.Checkpoints.EverySteps=150"),
    ];

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static void WaitFor(Func<bool> condition) => Assert.That(SpinWait.SpinUntil(condition, Patience), "The run did not come so far.");
}
