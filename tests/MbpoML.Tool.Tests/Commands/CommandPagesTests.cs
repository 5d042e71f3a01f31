using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using MbpoML.Tests;
using MbpoML.Tests.Documentation;
using MbpoML.Tool.Commands;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>The command lines that pages show, in blocks and within sentences, are understood: each command, option and kind of value exists.</summary>
[Category("Text")]
public partial class CommandPagesTests
{
    private static IEnumerable<TestCaseData> Lines => Shown(LinesOf);

    private static IEnumerable<TestCaseData> Mentions => Shown(MentionsOf);

    [TestCaseSource(nameof(Lines))]
    public void A_command_line_of_a_page_is_understood(string line) => Assert.That(Errors(line), Is.Empty);

    // A sentence may name the beginning of a command alone, as in `mbpo train --options`.
    [TestCaseSource(nameof(Mentions))]
    public void A_command_that_a_sentence_names_is_understood_as_far_as_it_goes(string mention) =>
        Assert.That(Errors(mention).Where(error => !Missing().IsMatch(error)), Is.Empty);

    [Test]
    public void There_are_many()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Lines.Count(), Is.GreaterThan(60));
            Assert.That(Mentions.Count(), Is.GreaterThan(50));
        });
    }

    [TestCase("train Pendulum --sed 1")]
    [TestCase("tran Pendulum")]
    [TestCase("train Pendulum --steps many")]
    public void A_wrong_one_is_found(string line) => Assert.That(Errors(line).Where(error => !Missing().IsMatch(error)), Is.Not.Empty);

    [TestCase("diagnose")]
    [TestCase("diagnose fan")]
    [TestCase("train --set")]
    [TestCase("study new")]
    public void The_beginning_of_a_command_lacks_something_and_nothing_else(string mention) =>
        Assert.That(Errors(mention), Is.Not.Empty.And.All.Matches<string>(error => Missing().IsMatch(error)));

    [Test]
    public void Prompts_comments_continued_lines_and_two_commands_in_one_line_are_read() =>
        Assert.That(LinesOf("text\n\n    $ mbpo tasks   # all\n    mbpo train A --set $more \\\n        B=1 && mbpo plot c\n"),
            Is.EqualTo(new[] { "tasks", "train A --set Policy.LearningRate=1 B=1", "plot c" }));

    [Test]
    public void Services_the_tool_from_its_project_and_code_within_sentences_are_read()
    {
        const string page = "Text `mbpo tasks`, `mbpo` and `dotnet run --project src/MbpoML.Tool -- train A`.\n\n    ExecStart=/opt/mbpo plot b\n";
        Assert.Multiple(() =>
        {
            Assert.That(LinesOf(page), Is.EqualTo(new[] { "plot b" }));
            Assert.That(MentionsOf(page), Is.EqualTo(new[] { "tasks", "train A" }));
        });
    }

    private static IReadOnlyList<string> Errors(string line)
    {
        string[] arguments = [.. CommandLineParser.SplitCommandLine(line)];
        var command = CommandLine.Create(new ToolConsole(TextWriter.Null, TextWriter.Null, IsLive: false));
        return ParseErrors.Of(command.Parse(SetArguments.InOrder(arguments)), arguments);
    }

    private static IEnumerable<TestCaseData> Shown(Func<string, IEnumerable<string>> of) =>
        Page.All.Select(path => Path.GetRelativePath(Repository.Root, path)).Where(page => page != "CHANGELOG.md")
            .SelectMany(page => of(File.ReadAllText(Repository.At(page))).Select(line => (Page: page, Line: line))).Distinct()
            .Select(shown => new TestCaseData(shown.Line).SetArgDisplayNames($"{shown.Page}: {shown.Line}"));

    private static IEnumerable<string> LinesOf(string page) => Of(page, Block());

    private static IEnumerable<string> MentionsOf(string page) => Of(page, Mention());

    private static IEnumerable<string> Of(string page, Regex shown) =>
        shown.Matches(page.Replace("\\\n", " ", StringComparison.Ordinal)).SelectMany(match => match.Groups[1].Value.Split("&& mbpo "))
            .Select(line => Variable().Replace(Space().Replace(line.Split(" #")[0], " ").Trim(), "Policy.LearningRate=1"));

    // What a page shows as code: indented, with or without a prompt, or at the left of a fenced block; also the line of a service.
    [GeneratedRegex(@"^(?:    )*(?:\$ )?(?:ExecStart=\S*/)?mbpo (\S.*)$", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"`(?:mbpo|dotnet run [^`\n]*--project src/MbpoML\.Tool --) ([^`\n]+)`")]
    private static partial Regex Mention();

    // What the parser says where a command, an argument or a value is still to come.
    [GeneratedRegex("^Required |is required\\.$")]
    private static partial Regex Missing();

    // A setting that an earlier line of the page gives a name.
    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variable();

    [GeneratedRegex(@" +")]
    private static partial Regex Space();
}
