using System.Text.RegularExpressions;

namespace MbpoML.Tests.Documentation;

/// <summary>docs/algorithm.md names the tests that prove what it claims.</summary>
public partial class AlgorithmPageTests
{
    [Test]
    public void Every_test_it_names_exists()
    {
        var types = typeof(AlgorithmPageTests).Assembly.GetTypes();
        var tests = types.SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}")).ToHashSet();
        var named = TestName().Matches(Page.Named("algorithm.md").Text).Select(match => match.Groups[1].Value).ToArray();
        Assert.That(named, Is.Not.Empty);
        Assert.That(named.Where(name => !tests.Contains(name)), Is.Empty);
    }

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex TestName();
}
