using System.Text.RegularExpressions;

namespace MbpoML.Tests.Documentation;

/// <summary>A page of the documentation as tests read it: sections, tables, links.</summary>
internal sealed partial class Page(string path)
{
    public string Path { get; } = path;

    public string Text { get; } = File.ReadAllText(path);

    /// <summary>Every page: those of docs and its folders, those beside the README, and those of the samples.</summary>
    public static IEnumerable<string> All =>
    [
        .. Directory.EnumerateFiles(Repository.At("docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.md"))
            .Concat(Directory.EnumerateDirectories(Repository.At("samples")).SelectMany(folder => Directory.EnumerateFiles(folder, "*.md")))
            .Order(StringComparer.Ordinal),
    ];

    public static Page Named(string file) => new(Repository.At("docs", file));

    /// <summary>The targets of all links outside of code blocks.</summary>
    public IEnumerable<string> Links => Link().Matches(CodeBlock().Replace(Text, "")).Select(match => match.Groups[1].Value);

    /// <summary>The anchors that GitHub makes of the headings: lower case, no punctuation, hyphens for spaces.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(CodeBlock().Replace(Text, ""))
        .Select(match => NoAnchorCharacter().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>What stands between the heading with this text and the next heading of any level.</summary>
    public string Section(string heading)
    {
        var lines = Text.Split('\n');
        var first = Array.FindIndex(lines, line => line.StartsWith('#') && line.TrimStart('#').Trim() == heading);
        Assert.That(first, Is.Not.Negative, $"{System.IO.Path.GetFileName(Path)} has no heading '{heading}'");
        return string.Join('\n', lines.Skip(first + 1).TakeWhile(line => !line.StartsWith('#')));
    }

    /// <summary>The rows of the tables in a text, cell by cell, without their headings.</summary>
    public static IEnumerable<string[]> Rows(string text)
    {
        var lines = text.Split('\n');
        return lines.Where((line, index) => line.StartsWith('|') && !IsRule(line) && (index + 1 == lines.Length || !IsRule(lines[index + 1])))
            .Select(line => Cell().Split(line.Trim().Trim('|')).Select(cell => cell.Trim()).ToArray());
    }

    private static bool IsRule(string line) => line.StartsWith("|-", StringComparison.Ordinal);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchorCharacter();

    // A bar inside a cell is written \|.
    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Cell();
}
