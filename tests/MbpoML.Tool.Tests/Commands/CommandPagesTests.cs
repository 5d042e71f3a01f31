using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using MbpoML.Tests;
using MbpoML.Tool.Commands;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>The command lines that README and docs show are understood: each command, option and kind of value exists.</summary>
[Category("Text")]
public partial class CommandPagesTests
{
    private static IEnumerable<TestCaseData> Lines =>
        Directory.EnumerateFiles(Repository.At("docs"), "*.md").Append(Repository.At("README.md")).Order(StringComparer.Ordinal)
            .SelectMany(path => LinesOf(File.ReadAllText(path)).Select(line => (Page: Path.GetFileName(path), Line: line))).Distinct()
            .Select(shown => new TestCaseData(shown.Line).SetArgDisplayNames($"{shown.Page}: {shown.Line}"));

    [TestCaseSource(nameof(Lines))]
    public void A_command_line_of_a_page_is_understood(string line) => Assert.That(Errors(line), Is.Empty);

    [Test]
    public void There_are_many() => Assert.That(Lines.Count(), Is.GreaterThan(60));

    [TestCase("train Pendulum --sed 1")]
    [TestCase("tran Pendulum")]
    [TestCase("train Pendulum --steps many")]
    public void A_wrong_one_is_found(string line) => Assert.That(Errors(line), Is.Not.Empty);

    [Test]
    public void Prompts_comments_continued_lines_and_two_commands_in_one_line_are_read() =>
        Assert.That(LinesOf("text\n\n    $ mbpo tasks   # all\n    mbpo train A --set $more \\\n        B=1 && mbpo plot c\n"),
            Is.EqualTo(new[] { "tasks", "train A --set Policy.LearningRate=1 B=1", "plot c" }));

    private static IReadOnlyList<string> Errors(string line)
    {
        string[] arguments = [.. CommandLineParser.SplitCommandLine(line)];
        var command = CommandLine.Create(new ToolConsole(TextWriter.Null, TextWriter.Null, IsLive: false));
        return ParseErrors.Of(command.Parse(SetArguments.InOrder(arguments)), arguments);
    }

    private static IEnumerable<string> LinesOf(string page) =>
        Block().Matches(page.Replace("\\\n", " ", StringComparison.Ordinal)).SelectMany(match => match.Groups[1].Value.Split("&& mbpo "))
            .Select(line => Variable().Replace(Space().Replace(line.Split(" #")[0], " ").Trim(), "Policy.LearningRate=1"));

    // What a page shows as code: indented, with or without a prompt.
    [GeneratedRegex(@"^    (?:\$ )?mbpo (.*)$", RegexOptions.Multiline)]
    private static partial Regex Block();

    // A setting that an earlier line of the page gives a name.
    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variable();

    [GeneratedRegex(@" +")]
    private static partial Regex Space();
}
