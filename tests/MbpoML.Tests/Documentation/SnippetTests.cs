namespace MbpoML.Tests.Documentation;

public class SnippetTests
{
    private static IEnumerable<TestCaseData> Snippets => Snippet.All.Select(snippet => new TestCaseData(snippet).SetArgDisplayNames(snippet.ToString()));

    [TestCaseSource(nameof(Snippets))]
    public void A_block_compiles_with_the_usings_that_it_shows_and_those_of_the_package(object snippet) =>
        Assert.That(SnippetCompiler.Errors((Snippet)snippet), Is.Empty);

    [TestCase("rl.NoSuchMember();", "CS1061")]
    [TestCase("var tracker = new HttpListener();", "CS0246", Description = "a name whose namespace is neither shown nor shipped")]
    [TestCase("var x = ;", "CS1525")]
    [TestCase("Console.WriteLine(transitions);", "CS0103", Description = "a name that nothing gives")]
    [TestCase("public IEnvironment Wrong => 3;", "CS0029")]
    [TestCase("var s = new State();\nclass State { NoType field; }", "CS0246")]
    public void A_wrong_block_is_found(string code, string error) =>
        Assert.That(SnippetCompiler.Errors(new Snippet("page", 1, "", code)), Has.Some.Contains(error));

    [Test]
    public void What_the_text_gives_is_known_and_may_be_declared_anew()
    {
        var snippets = Snippet.Of("page.md",
            "Text\n<!-- given: IDataView transitions; -->\n```csharp\nvar rl = transitions.Schema;\n```\n  ```csharp\n  var x = 1;\n  ```\n").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(snippets.Select(snippet => snippet.Line), Is.EqualTo(new[] { 4, 7 }));
            Assert.That(snippets.Select(SnippetCompiler.Errors), Has.All.Empty);
        });
    }

    [Test]
    public void No_name_of_the_package_hides_one_that_every_project_has()
    {
        var everywhere = new[] { typeof(object), typeof(List<>), typeof(HttpClient), typeof(Enumerable), typeof(Console) }.SelectMany(
            type => type.Assembly.GetExportedTypes())
            .Where(type => type.Namespace is "System" or "System.Collections.Generic" or "System.IO" or "System.Linq" or "System.Net.Http" or
                "System.Threading" or "System.Threading.Tasks")
            .Select(type => type.Name).ToHashSet();
        var shipped = typeof(ReinforcementCatalog).Assembly.GetExportedTypes()
            .Where(type => type.DeclaringType is null && SnippetCompiler.PackageUsings.Contains(type.Namespace!)).Select(type => type.Name);
        Assert.That(shipped.Where(everywhere.Contains), Is.Empty);
    }
}
