namespace MbpoML.Architecture.Tests;

public class PublicApiTests
{
    private const string Declared = "#nullable enable\nPlanted\nPlanted.Planted() -> void\nPlanted.Name() -> string!";

    [TestCase("MbpoML")]
    [TestCase("MbpoML.Mujoco")]
    [TestCase("MbpoML.Plotting")]
    [TestCase("MbpoML.Experiments")]
    [TestCase("MbpoML.Dashboard", 30)]
    [TestCase("MbpoML.Orleans", 20)]
    [TestCase("MbpoML.Datasets", 60)]
    public void The_public_members_of_a_package_are_declared(string package, int least = 101)
    {
        var (shipped, unshipped) = (Lines(package, "Shipped"), Lines(package, "Unshipped"));
        Assert.Multiple(() =>
        {
            Assert.That(shipped.Concat(unshipped).Count(line => line[0] is not '#'), Is.GreaterThanOrEqualTo(least));
            Assert.That(shipped[0], Is.EqualTo("#nullable enable"));
            Assert.That(unshipped[0], Is.EqualTo("#nullable enable"));
            Assert.That(unshipped.Skip(1), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal),
                "scripts/public-api.cs sorts, so that two branches merge");
        });
    }

    [Test]
    public void Every_library_is_under_the_rule()
    {
        var libraries = Directory.GetDirectories(Repository.At("src"))
            .Where(folder => Path.GetFileName(folder) is not ("MbpoML.Tool" or "MbpoML.Templates") && Directory.GetFiles(folder, "*.csproj").Length > 0);
        Assert.Multiple(() =>
        {
            Assert.That(libraries, Has.All.Matches<string>(folder => File.Exists(Path.Combine(folder, "PublicAPI.Unshipped.txt"))));
            Assert.That(File.ReadAllText(Repository.At(".editorconfig")), Does.Not.Contain("RS0016").And.Not.Contain("RS0017"));
        });
    }

    [Test]
    public void The_tool_has_no_public_members() => Assert.That(Built.PublicTypes("MbpoML.Tool"), Is.Empty);

    [TestCase("public class Planted { public string Name() => \"\"; }", "")]
    [TestCase("public class Planted { public string Name() => \"\"; public int More; }", "RS0016")]
    [TestCase("public class Planted { public string? Name() => null; }", "RS0016,RS0017")]
    [TestCase("public class Planted { internal string Name() => \"\"; }", "RS0017")]
    public async Task A_change_of_the_public_members_is_found(string code, string rules)
    {
        var found = await PlantedCode.FindAsync(
            code, "PublicApiAnalyzers", "Microsoft.CodeAnalysis.PublicApiAnalyzers.dll", "Microsoft.CodeAnalysis.PublicApiAnalyzers.DeclarePublicApiAnalyzer",
            ("PublicAPI.Shipped.txt", "#nullable enable"), ("PublicAPI.Unshipped.txt", Declared));
        Assert.That(string.Join(',', found.Select(one => one.Split(' ')[0]).Order(StringComparer.Ordinal)), Is.EqualTo(rules));
    }

    private static string[] Lines(string package, string which) => File.ReadAllLines(Repository.At("src", package, $"PublicAPI.{which}.txt"));
}
