using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Runs;

public class RunLockTests
{
    [Test]
    public void A_run_is_trained_once_at_a_time_and_keeps_what_it_says()
    {
        using var folder = new TemporaryFolder();
        ToolResult.Train(folder["run"]);
        var (options, report) = (File.ReadAllText(folder["run", "options.json"]), File.ReadAllText(folder["run", "report.json"]));
        using (TakenRun.Take(new RunFolder(folder["run"])))
        {
            ToolResult.Of("resume", folder["run"], "--steps", "500").MustFail(ExitCodes.Failed, $"'{folder["run"]}' is in use: another process");
            Assert.That((File.ReadAllText(folder["run", "options.json"]), File.ReadAllText(folder["run", "report.json"])), Is.EqualTo((options, report)));
        }

        Assert.That(File.Exists(folder["run", "training.lock"]), Is.False);
        Assert.That(ToolResult.Of("resume", folder["run"]).Code, Is.Zero);
    }
}
