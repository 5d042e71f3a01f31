using MbpoML.Tool.Display;
using Spectre.Console;

namespace MbpoML.Tool.Tests.Display;

[Category("Text")]
public class PlainTableTests
{
    [Test]
    public void Brackets_are_text()
    {
        var table = new PlainTable("[run]", "[/] steps");
        table.AddRow("arm [v2]", "[red]3");
        Assert.That(Lines(table, 80), Is.EqualTo(new[] { "[run] [/] steps", "arm [v2] [red]3" }));
    }

    [Test]
    public void Neither_end_has_an_empty_row()
    {
        var table = new PlainTable("a");
        table.AddRow("b");
        Assert.That(Text(table, 80).Split('\n')[..^1], Has.None.Matches<string>(string.IsNullOrWhiteSpace));
    }

    [Test]
    public void Where_it_is_too_wide_for_whole_words_its_rows_are_lists([Values(20, 30)] int width)
    {
        var table = new PlainTable("observations", "presets", "what it is");
        table.AddRow("3", "tuned, fast", "Pendulum-v1 of Gymnasium");
        table.AddRow("5", "tuned", "swing-up");
        Assert.That(Lines(table, width),
            Is.EqualTo(
                new[] { "observations: 3", "presets: tuned, fast", "what it is: Pendulum-v1 of Gymnasium", "observations: 5", "presets: tuned",
                    "what it is: swing-up" }));
    }

    [Test]
    public void In_between_words_are_whole([Values(50, 60, 80)] int width)
    {
        var table = new PlainTable("observations", "presets", "what it is");
        table.AddRow("3", "tuned, fast", "Pendulum-v1 of Gymnasium");
        Assert.That(Lines(table, width).SelectMany(line => line.Split(' ')),
            Is.SupersetOf(new[] { "observations", "presets", "tuned,", "fast", "Pendulum-v1", "Gymnasium" }));
    }

    private static string[] Lines(PlainTable table, int width) =>
        [.. Text(table, width).Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Where(line => line.Length > 0 && line[0] != '─')];

    private static string Text(PlainTable table, int width)
    {
        using var output = new StringWriter();
        var console = new ToolConsole(output, TextWriter.Null, IsLive: false).Rich;
        console.Profile.Width = width;
        console.Write(table);
        return output.ToString();
    }
}
