using System.Diagnostics;
using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

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

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_signal_saves_the_run_and_says_how_to_go_on()
    {
        using var folder = new TemporaryFolder();
        using var process = Start(folder["run"]);
        var output = process.StandardOutput.ReadToEndAsync();
        WaitFor(() => File.Exists(Path.Combine(folder["run"], "metrics.jsonl")));
        Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
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

    private static Process Start(string folder) => Process.Start(new ProcessStartInfo(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [typeof(CommandLine).Assembly.Location, .. ToolResult.TinyPendulum(folder, "--set", "Trainer.Checkpoints.EverySteps=150")])
    { RedirectStandardOutput = true })!;

    private static void WaitFor(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience) throw new TimeoutException("The run did not come so far.");
            Thread.Sleep(1);
        }
    }
}
