using System.Text.RegularExpressions;

namespace MbpoML.Architecture.Tests.Texts;

/// <summary>The running text of a Markdown page: without code, headings, rules, comments, pictures and the addresses of links.</summary>
internal static partial class Prose
{
    /// <summary>The pages that people read first or look things up in. The changelog is a list of notes, not a page.</summary>
    public static IEnumerable<string> Pages =>
        Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.At("docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateDirectories(Repository.At("samples")).SelectMany(folder => Directory.EnumerateFiles(folder, "*.md")))
            .Where(path => Path.GetFileName(path) != "CHANGELOG.md")
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>The paragraphs, the items of lists and the cells of tables, in the page's order; a cell of a table says so.</summary>
    public static IEnumerable<(string Text, bool IsCell)> Units(string page)
    {
        var paragraph = new List<string>();
        var (inCode, inIndentedCode, afterGap) = (false, false, true);
        foreach (var line in page.Split('\n').Append(""))
        {
            var text = line.Trim();
            var isFence = text.StartsWith("```", StringComparison.Ordinal);
            var item = Item().Match(text);
            var isIndentedCode = line.StartsWith("    ", StringComparison.Ordinal) && (inIndentedCode || (afterGap && !item.Success));
            var isNoProse = text.Length == 0 || text[0] is '#' or '|' || text.StartsWith("<!--", StringComparison.Ordinal);
            if (paragraph.Count > 0 && (isFence || isNoProse || item.Success || inCode))
            {
                yield return (Plain(string.Join(' ', paragraph)), false);
                paragraph.Clear();
            }

            if (isFence) inCode = !inCode;
            if (text.Length > 0) inIndentedCode = isIndentedCode;
            afterGap = isFence || text.Length == 0 || (isIndentedCode && afterGap);
            if (isFence || inCode || isIndentedCode) continue;
            if (text.StartsWith('|'))
            {
                foreach (var cell in Plain(text).Split('|').Where(cell => Words(cell) > 0)) yield return (cell.Trim(), true);
            }
            else if (!isNoProse) paragraph.Add(text[item.Length..]);
        }
    }

    /// <summary>The sentences of a paragraph, an item or a cell. A semicolon and a colon end none.</summary>
    public static IEnumerable<string> Sentences(string unit) => End().Split(unit).Where(sentence => Words(sentence) > 0);

    /// <summary>How many words a reader counts. A piece of code is one, whatever is in it.</summary>
    public static int Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(word => word.Any(char.IsLetterOrDigit));

    private static string Plain(string text) =>
        Link().Replace(Picture().Replace(Code().Replace(text, "Code"), ""), "$1").Replace("\\|", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^([-*]|\d+\.)\s+|^>\s+")]
    private static partial Regex Item();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();

    [GeneratedRegex(@"!\[[^\]]*\]\([^)]*\)")]
    private static partial Regex Picture();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    // A full stop, then what opens a sentence: a capital, a digit, a letter of another script, or the "null:" of a table of options.
    [GeneratedRegex(@"(?<=[.!?][""')*]*)\s+(?=[""'(*\[]*(?:[A-Z0-9\u0080-\uFFFF]|null:))")]
    private static partial Regex End();
}
