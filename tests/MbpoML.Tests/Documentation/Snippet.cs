using System.Text.RegularExpressions;

namespace MbpoML.Tests.Documentation;

/// <summary>A block of C# on a page: what a reader sees, and what the page's text gives it.</summary>
/// <remarks>
/// A block is compiled with the usings that it shows and those that come with the package. What it takes from the text around it, a comment that no reader sees
/// declares just before it, as fields without values: <c>&lt;!-- given: IDataView transitions; class MyEnvironment : AnyEnvironment; --&gt;</c>.
/// <c>mlContext</c>, <c>rl</c> and the class <c>AnyEnvironment</c> are always given. A body <c>{ ... }</c> stands for any code. A block of members belongs to a
/// class, a block of statements to a method.
/// </remarks>
internal sealed partial record Snippet(string Page, int Line, string Given, string Code)
{
    /// <summary>The blocks of all pages.</summary>
    public static IEnumerable<Snippet> All =>
        Documentation.Page.All.Select(path => new Page(path)).SelectMany(page => Of(System.IO.Path.GetFileName(page.Path), page.Text));

    /// <summary>The blocks of a text.</summary>
    public static IEnumerable<Snippet> Of(string page, string text) => Block().Matches(text).Select(match => new Snippet(
        page, text[..match.Groups["code"].Index].Count(character => character == '\n') + 1, match.Groups["given"].Value, match.Groups["code"].Value));

    public override string ToString() => $"{Page} line {Line}";

    [GeneratedRegex(@"(<!-- given: (?<given>.*?)-->\s*)?^[ ]*```(csharp|cs|c#)\n(?<code>.*?)^[ ]*```",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
