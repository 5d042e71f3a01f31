using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class EvaluateTests
{
    [Test]
    public void The_returns_of_a_run_are_told_and_are_the_same_again()
    {
        var first = ToolResult.Of("evaluate", TrainedRun.Folder, "--episodes", "3");
        Assert.Multiple(() =>
        {
            Assert.That(first.Output, Does.Match(@"first +Pendulum +300 +-\d+\.\d +\d+\.\d +-\d+\.\d +-\d+\.\d +200\.0"));
            Assert.That(ToolResult.Of("evaluate", TrainedRun.Folder, "--episodes", "3"), Is.EqualTo(first));
            Assert.That(ToolResult.Of("evaluate", TrainedRun.Folder, "--episodes", "3", "--seed", "5").Output, Is.Not.EqualTo(first.Output));
            Assert.That(ToolResult.Of("evaluate", TrainedRun.Folder, "--episodes", "3", "--stochastic").Output, Is.Not.EqualTo(first.Output));
        });
    }

    [Test]
    public void A_run_that_still_goes_on_is_evaluated_as_its_newest_checkpoint_is()
    {
        using var folder = new TemporaryFolder();
        Copy(TrainedRun.Folder, folder["run"]);
        File.Delete(folder["run", "policy.zip"]);
        var ofPolicy = ToolResult.Of("evaluate", TrainedRun.Folder, "--episodes", "1");
        var ofCheckpoint = ToolResult.Of("evaluate", folder["run"], "--episodes", "1");
        Assert.That(Numbers(ofCheckpoint), Is.EqualTo(Numbers(ofPolicy)));
    }

    [Test]
    public void A_run_that_has_nothing_yet_says_so()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run"]);
        File.Copy(Path.Combine(TrainedRun.Folder, "options.json"), folder["run", "options.json"]);
        var result = ToolResult.Of("evaluate", folder["run"]);
        result.MustFail(ExitCodes.Failed, "has no policy yet");
    }

    private static string[] Numbers(ToolResult result) =>
        result.Output.Split('\n').Single(line => line.Contains("Pendulum", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
