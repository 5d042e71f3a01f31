namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class HelpTests
{
    private static readonly string[] Commands =
    [
        "", "tasks", "train", "resume", "evaluate", "plot", "report", "video", "ablate", "cluster", "cluster worker", "study run", "dashboard", "diagnose",
        "diagnose generalization", "diagnose fan",
        "diagnose horizon", "diagnose calibration", "diagnose returns",
        "diagnose bound", "offline", "offline describe", "offline train", "offline judge",
    ];

    [TestCaseSource(nameof(Commands))]
    public void Each_default_is_told_once_and_no_type_of_code_is_named(string command)
    {
        var help = ToolResult.Of([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Multiple(() =>
        {
            Assert.That(help.Code, Is.Zero, help.Errors);
            Assert.That(help.Output, Does.Not.Contain("`").And.Not.Contain("System."));
            Assert.That(help.Output.Split('\n'),
                Has.None.Matches<string>(line => line.Contains("Default:", StringComparison.Ordinal) && line.Contains("[default:", StringComparison.Ordinal)));
        });
    }
}
