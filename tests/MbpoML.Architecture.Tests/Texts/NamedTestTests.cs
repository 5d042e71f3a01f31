using System.Text.RegularExpressions;

namespace MbpoML.Architecture.Tests.Texts;

/// <summary>Pages name the tests that prove what they claim.</summary>
[Category("Text")]
public partial class NamedTestTests
{
    [Test]
    public void Every_test_that_a_page_names_exists()
    {
        // A class may be in several files: PoolTests.cs, PoolTests.Memory.cs.
        var tests = Sources.Of("tests").ToLookup(file => Path.GetFileName(file).Split('.')[0], file => File.ReadAllText(Repository.At(file)));
        var named = Prose.Pages.SelectMany(page => TestName().Matches(File.ReadAllText(Repository.At(page))))
            .Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(named, Has.Length.GreaterThan(80));
            Assert.That(named.Where(name => !tests[name.Class].Any(text => text.Contains($" {name.Method}(", StringComparison.Ordinal))), Is.Empty);
        });
    }

    [GeneratedRegex(@"`(?:[\w./]+/)?(\w+Tests)\.([A-Z]\w+_\w+)`")]
    private static partial Regex TestName();
}
