using System.Text.RegularExpressions;

namespace MbpoML.Architecture.Tests.Texts;

/// <summary>docs/errors.md tells of every exception that a package has of its own, and of no other.</summary>
[Category("Text")]
public partial class ErrorsPageTests
{
    [Test]
    public void Every_exception_is_documented_and_nothing_else()
    {
        var packages = Directory.GetDirectories(Repository.At("src")).Select(folder => Path.GetFileName(folder))
            .Where(name => File.Exists(Built.Assembly(name)));
        var exceptions = packages.SelectMany(Built.PublicTypes).Where(type => type.EndsWith("Exception", StringComparison.Ordinal))
            .Select(type => type[(type.LastIndexOf('.') + 1)..]);
        var page = File.ReadAllText(Repository.At("docs", "errors.md"));
        var (first, end) = (Heading(page, "The library's exceptions"), Heading(page, "Errors of the build and of the tool"));
        Assert.That(Row().Matches(page[first..end]).Select(match => match.Groups[1].Value), Is.EquivalentTo(exceptions));
    }

    private static int Heading(string page, string text) => page.IndexOf($"## {text}\n", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| `(\w+Exception)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
