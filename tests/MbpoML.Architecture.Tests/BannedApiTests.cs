using Microsoft.CodeAnalysis;

namespace MbpoML.Architecture.Tests;

public class BannedApiTests
{
    private static readonly string[] _files = ["BannedSymbols.txt", "BannedSymbols.Libraries.txt"];

    // A banned symbol that is misspelt, or that a later version of a package renames, bans nothing and says so nowhere.
    [TestCaseSource(nameof(Symbols))]
    public void Each_banned_symbol_is_there(string symbol) =>
        Assert.That(DocumentationCommentId.GetSymbolsForDeclarationId(symbol, PlantedCode.Compile("")), Is.Not.Empty);

    [TestCase("new System.Random()")]
    [TestCase("System.Random.Shared")]
    [TestCase("System.Guid.NewGuid()")]
    [TestCase("System.Security.Cryptography.RandomNumberGenerator.GetInt32(3)")]
    [TestCase("TorchSharp.torch.manual_seed(1)")]
    [TestCase("TorchSharp.torch.random.manual_seed(1)")]
    [TestCase("System.DateTime.Now")]
    [TestCase("System.DateTime.UtcNow")]
    [TestCase("System.DateTimeOffset.UtcNow")]
    [TestCase("System.Diagnostics.Stopwatch.GetTimestamp()")]
    [TestCase("new System.Diagnostics.Stopwatch()")]
    [TestCase("System.Environment.TickCount64")]
    [TestCase("System.Console.Out")]
    public async Task Clock_unseeded_random_numbers_and_console_are_found(string expression) =>
        Assert.That(await FindAsync(expression), Has.Count.GreaterThan(0).And.All.StartsWith("RS0030 "));

    [TestCase("new System.Random(1)")]
    [TestCase("System.TimeProvider.System.GetUtcNow()")]
    [TestCase("new TorchSharp.torch.Generator(1)")]
    public async Task What_takes_a_seed_or_is_a_clock_to_replace_is_not(string expression) => Assert.That(await FindAsync(expression), Is.Empty);

    [Test]
    public void Every_package_is_under_the_bans()
    {
        var shared = File.ReadAllText(Repository.At("src", "Directory.Build.props"));
        Assert.Multiple(() =>
        {
            Assert.That(_files, Has.All.Matches<string>(shared.Contains));
            Assert.That(File.ReadAllText(Repository.At(".editorconfig")), Does.Not.Contain("RS0030"),
                "exceptions stand where they are made, with their reasons");
        });
    }

    // #pragma warning disable RS0030 // why
    [Test]
    public void Every_exception_says_why() =>
        Assert.That(
            Sources.Of("src").SelectMany(file => File.ReadLines(Repository.At(file)).Where(IsUnexplained).Select(line => $"{file}: {line}")), Is.Empty);

    [TestCase("#pragma warning disable RS0030", true)]
    [TestCase("#pragma warning disable RS0030 // Why it may.", false)]
    [TestCase("#pragma warning restore RS0030", false)]
    public void An_exception_without_a_reason_is_found(string line, bool found) => Assert.That(IsUnexplained(line), Is.EqualTo(found));

    private static bool IsUnexplained(string line) =>
        line.Contains("disable RS0030", StringComparison.Ordinal) && !line.Contains("RS0030 // ", StringComparison.Ordinal);

    private static IEnumerable<string> Symbols() =>
        _files.SelectMany(file => File.ReadLines(Repository.At("src", file))).Select(line => line.Split(';')[0].Trim())
            .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal));

    private static Task<IReadOnlyList<string>> FindAsync(string expression) => PlantedCode.FindAsync(
        $"public class Planted\n{{\n    public object? Value() =>\n        {expression};\n}}", "BannedApiAnalyzers",
        "cs/Microsoft.CodeAnalysis.CSharp.BannedApiAnalyzers.dll",
        "Microsoft.CodeAnalysis.CSharp.BannedApiAnalyzers.CSharpSymbolIsBannedAnalyzer",
        [.. _files.Select(file => (file, File.ReadAllText(Repository.At("src", file))))]);
}
