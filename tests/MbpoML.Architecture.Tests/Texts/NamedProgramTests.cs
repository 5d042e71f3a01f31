using System.Text.RegularExpressions;

namespace MbpoML.Architecture.Tests.Texts;

/// <summary>The projects, verbs of the benchmark program, scripts and filters of tests that pages name exist. Nothing of them is run.</summary>
[Category("Text")]
public partial class NamedProgramTests
{
    // This file names planted tests that there are not.
    private static readonly Lazy<string[]> TestSources = new(() =>
        [.. Sources.Of("tests").Where(file => !file.EndsWith($"/{nameof(NamedProgramTests)}.cs", StringComparison.Ordinal)).Select(
            file => File.ReadAllText(Repository.At(file)))]);

    private static readonly Lazy<Dictionary<string, string>> Benchmarks =
        new(() => Sources.Of("tests/MbpoML.Benchmarks").ToDictionary(file => file, file => File.ReadAllText(Repository.At(file))));

    [TestCaseSource(typeof(Prose), nameof(Prose.Pages))]
    public void Whatever_a_page_starts_exists(string page) => Assert.That(Faults(File.ReadAllText(Repository.At(page))), Is.Empty);

    [Test]
    public void Pages_name_many_and_the_program_has_its_verbs()
    {
        var text = string.Join('\n', Prose.Pages.Select(page => File.ReadAllText(Repository.At(page))));
        Assert.Multiple(() =>
        {
            Assert.That(Project().Count(text), Is.GreaterThan(50));
            Assert.That(Verb().Count(text), Is.GreaterThan(40));
            Assert.That(Script().Count(text), Is.GreaterThan(10));
            Assert.That(Verbs(), Is.SupersetOf(new[] { "learning-curve", "compare", "kill", "cluster-chaos", "dmsd" }));
        });
    }

    [TestCase("    dotnet run -c Release --project samples/NoSuch -- 3\n", "samples/NoSuch")]
    [TestCase("`dotnet test -c Release tests/MbpoML.NoTests`", "tests/MbpoML.NoTests")]
    [TestCase("    dotnet run --project tests/MbpoML.Benchmarks -- compair all\n", "compair")]
    [TestCase("    dotnet run --project tests/MbpoML.Benchmarks -- compare nonsense\n", "nonsense")]
    [TestCase("    dotnet run --project tests/MbpoML.Benchmarks -- kill \\\n        --killings 3   # 3\n", "--killings")]
    [TestCase("`scripts/no-such.sh` and `tests/scripts/first-contact.sh`", "scripts/no-such.sh")]
    [TestCase("`dotnet test tests/MbpoML.Tests --filter FullyQualifiedName~MeTrpoLoopTests.No_such`", "MeTrpoLoopTests.No_such")]
    public void What_does_not_exist_is_found(string page, string fault) => Assert.That(Faults(page), Is.EqualTo(new[] { fault }));

    [TestCase("    dotnet run --project tests/MbpoML.Benchmarks -- kernels -- --filter *Policy*   # --no option\n")]
    [TestCase("`dotnet run scripts/public-api.cs -- ship`, `dotnet pack src/MbpoML -c Release`.")]
    public void What_exists_is_no_fault(string page) => Assert.That(Faults(page), Is.Empty);

    private static IReadOnlyList<string> Faults(string text)
    {
        var page = text.Replace("\\\n", " ", StringComparison.Ordinal);
        return
        [
            .. Project().Matches(page).Select(match => match.Groups[1].Value.TrimEnd('.', '/')).Where(path => !IsProject(path)),
            .. Verb().Matches(page).SelectMany(match => FaultsOfVerb(match.Groups[1].Value)),
            .. Script().Matches(page).Select(match => match.Groups[1].Value).Where(script => !File.Exists(Repository.At(script))),
            .. Filter().Matches(page).Select(match => match.Groups[1].Value.TrimEnd('.'))
                .Where(filter => !TestSources.Value.Any(source => filter.Split('.').All(part => source.Contains(part, StringComparison.Ordinal)))),
        ];
    }

    private static bool IsProject(string path) =>
        File.Exists(Repository.At(path)) || (Directory.Exists(Repository.At(path)) && Directory.EnumerateFiles(Repository.At(path), "*.csproj").Any());

    // A verb, the words that stand before its options, and its options: each is a word that the sources of the program have.
    private static IEnumerable<string> FaultsOfVerb(string line)
    {
        // What follows a second "--" is for BenchmarkDotNet, and what follows "#" for the reader.
        string[] words = line.Split(" #")[0].Split(" -- ")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !Verbs().Contains(words[0])) return [words.FirstOrDefault("")];
        return words[1..].TakeWhile(word => Word().IsMatch(word)).Concat(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            .Where(word => !Benchmarks.Value.Values.Any(source => source.Contains($"\"{word}\"", StringComparison.Ordinal)));
    }

    // Those that the program lists: each is the name of a command in a file of its own.
    private static HashSet<string> Verbs()
    {
        var program = Benchmarks.Value.Single(file => file.Key.EndsWith("/Program.cs", StringComparison.Ordinal)).Value;
        return [.. Listed().Matches(program).Select(match =>
        {
            var source = Benchmarks.Value.Single(file => file.Key.EndsWith($"/{match.Groups[1].Value}.cs", StringComparison.Ordinal)).Value;
            var name = CommandName().Match(source);
            return name.Groups[1].Success ? name.Groups[1].Value : Regex.Match(source, $"string {name.Groups[2].Value} = \"([a-z-]+)\"").Groups[1].Value;
        })];
    }

    [GeneratedRegex(@"(?:--project |dotnet (?:test|pack|publish|build|new install)(?: -c \w+)? (?=(?:src|tests|samples)/))([\w./-]+)")]
    private static partial Regex Project();

    [GeneratedRegex(@"--project tests/MbpoML\.Benchmarks -- ([^`\n""]*)")]
    private static partial Regex Verb();

    [GeneratedRegex(@"(?<![\w/.])((?:tests/)?scripts/[\w./-]+\.(?:sh|cs|ps1))")]
    private static partial Regex Script();

    [GeneratedRegex(@"FullyQualifiedName~([\w.]+)")]
    private static partial Regex Filter();

    [GeneratedRegex("^[a-z][a-z-]*$")]
    private static partial Regex Word();

    [GeneratedRegex(@"(\w+Command)\.Create\(\)")]
    private static partial Regex Listed();

    [GeneratedRegex(@"new Command\(\s*(?:""([a-z-]+)""|(\w+))")]
    private static partial Regex CommandName();
}
