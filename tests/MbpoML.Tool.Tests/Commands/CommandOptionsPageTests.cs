using System.CommandLine;
using System.Text.RegularExpressions;
using MbpoML.Tests.Documentation;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>Every option of every command is named where the command is described, and no table names one that there is not.</summary>
[Category("Text")]
public partial class CommandOptionsPageTests
{
    // Commands with a page of their own. The others have a section of a page about the command line.
    private static readonly Dictionary<string, string> PageOf = new()
    {
        ["study"] = "studies.md",
        ["cluster"] = "cluster.md",
        ["dashboard"] = "dashboard.md",
        ["offline"] = "cli-offline.md",
    };

    private static readonly string[] Pages = ["cli.md", "cli-reports.md", "cli-comparisons.md", .. PageOf.Values];

    private static IEnumerable<(string Command, string Option)> All => Below(CommandLine.Create(new ToolConsole(TextWriter.Null, TextWriter.Null, false)), []);

    private static IEnumerable<TestCaseData> Options => All.Select(one => new TestCaseData(one.Command, one.Option));

    [TestCaseSource(nameof(Options))]
    public void An_option_is_named_where_its_command_is_described(string command, string option) =>
        Assert.That(Names().Matches(Description(command.Split(' ')[0])).Select(match => match.Value), Has.Member(option));

    [Test]
    public void There_are_many() => Assert.That(All.Count(), Is.GreaterThan(130));

    [TestCaseSource(nameof(Pages))]
    public void No_table_names_an_option_that_there_is_not(string page)
    {
        var known = All.Select(one => one.Option).ToHashSet();
        var named = Page.Rows(Page.Named(page).Text).SelectMany(cells => cells.Take(2)).SelectMany(cell => Option().Matches(cell))
            .Select(match => match.Groups[1].Value);
        Assert.That(named.Where(name => !known.Contains(name)), Is.Empty);
    }

    private static IEnumerable<(string Command, string Option)> Below(Command command, string[] path) =>
        command.Subcommands.Where(one => !one.Hidden).SelectMany(one => Below(one, [.. path, one.Name]))
            .Concat(path.Length == 0 ? [] : command.Options.Where(option => !option.Hidden).Select(option => (string.Join(' ', path), option.Name)));

    private static string Description(string command)
    {
        if (PageOf.TryGetValue(command, out var page)) return Page.Named(page).Text;
        var sections = Pages.Except(PageOf.Values).SelectMany(name => Page.Named(name).Text.Split("\n## ")[1..]);
        return sections.Single(section => section.StartsWith($"mbpo {command}\n", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"(?<![\w-])--[a-z]+(?:-[a-z]+)*")]
    private static partial Regex Names();

    // The options that a row is about begin its code, as in `--seed N`.
    [GeneratedRegex(@"`(--[a-z]+(?:-[a-z]+)*)[^`]*`")]
    private static partial Regex Option();
}
