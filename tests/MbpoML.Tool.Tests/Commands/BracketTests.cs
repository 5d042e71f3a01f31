using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>Square brackets are markup to the console library, and ordinary letters to people who name folders.</summary>
public class BracketTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Run = Folder["arm [v2]", "[bold]seed[/] [1"];

    [OneTimeSetUp]
    public void Train() => ToolResult.Train(Run, "--set", "Trainer.Checkpoints.EverySteps=150", "Trainer.Checkpoints.Keep=5");

    [OneTimeTearDown]
    public void Delete() => Folder.Dispose();

    private static IEnumerable<string[]> Commands =>
    [
        ["evaluate", Run, "--episodes", "1"],
        ["evaluate", Run, "--log", Run],
        ["plot", Run, "--out", Folder["[red]", "curves [1].png"]],
        ["report", Run, "--pictures", Folder["[blue]pictures"]],
        ["resume", Run],
        ["diagnose", "bound", Run],
        ["diagnose", "horizon", Run, "--horizon", "3", "--starts", "5", "--samples", "2", "--out", Folder["h [x].png"]],
        ["diagnose", "calibration", Run, "--transitions", "50", "--out", Folder["c [x].png"]],
        ["diagnose", "returns", Run, "--horizon", "5", "--samples", "2", "--episodes", "1", "--out", Folder["r [x].png"]],
        ["diagnose", "fan", Run, "--steps", "5", "--samples", "2", "--out", Folder["f [x].png"]],
        ["diagnose", "generalization", Run, "--sizes", "50,100", "--policies", "2", "--test", "50", "--fit-steps", "10", "--out", Folder["g [x].png"]],
        ["ablate", "Pendulum", "--study", "real-ratio", "--seeds", "1", "--steps", "120", "--out", Folder["[ablations]"], .. ToolResult.TinyPendulum("")[8..]],
    ];

    [TestCaseSource(nameof(Commands))]
    public void A_command_takes_folders_with_brackets_in_their_names(string[] arguments)
    {
        var result = ToolResult.Of(arguments);
        // No two policies of so short a run are near enough for lines; then the message is what is asked for.
        var isWithoutLines = result.Errors.Contains("No lines are fitted", StringComparison.Ordinal);
        Assert.That(result.Code == 0 || isWithoutLines, $"{result.Code}: {result.Errors}");
        Assert.That(result.Errors, Does.Not.Contain("in a way it should not"));
    }

    [TestCase("evaluate", "--episodes", "1")]
    [TestCase("diagnose bound")]
    [TestCase("resume")]
    public void A_run_is_called_as_its_folder_is(string command, params string[] more) =>
        Assert.That(ToolResult.Of([.. command.Split(' '), Run, .. more]).Output, Does.Contain("[bold]seed[/] [1"));

    [TestCase("evaluate")]
    [TestCase("diagnose fan")]
    [TestCase("video")]
    [TestCase("train --options")]
    public void What_is_not_there_is_named_as_it_was_written(string command) =>
        Assert.That(ToolResult.Of([.. command.Split(' '), "[no] such [/] run"]).Errors, Does.Contain("'[no] such [/] run'"));

    [TestCase("train", "[Pendulum]")]
    [TestCase("train", "Pendulum", "--preset", "[fast]")]
    [TestCase("train", "Pendulum", "--device", "[cpu]")]
    [TestCase("ablate", "Pendulum", "--study", "[x]")]
    public void A_name_that_is_none_is_named_as_it_was_written(params string[] arguments)
    {
        var result = ToolResult.Of(arguments);
        Assert.That((result.Code, result.Errors), Is.EqualTo((ExitCodes.BadArguments, result.Errors)));
        Assert.That(result.Errors, Does.Contain($"'{arguments[^1]}'").And.Not.Contain("in a way it should not"));
    }

    // Whatever is given to the console library as text may be a user's.
    [Test]
    public void No_source_of_the_tool_writes_markup_or_a_table_of_strings()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "src", "MbpoML.Tool");
        var files = Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "PlainTable.cs" &&
                !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToArray();
        Assert.That(files, Is.Not.Empty);
        Assert.That(
            files.Where(
                file => File.ReadAllText(file) is var text &&
                    ((string[])["Markup", "new Table(", ".AddColumn", "new Rule(", "new Panel(", "AnsiConsole.Write"]).Any(
                        word => text.Contains(word, StringComparison.Ordinal))),
            Is.Empty);
    }
}
