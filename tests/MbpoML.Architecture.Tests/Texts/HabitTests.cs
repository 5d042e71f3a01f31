using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace MbpoML.Architecture.Tests.Texts;

/// <summary>The files that a service for repositories reads, and that nothing here runs.</summary>
public partial class HabitTests
{
    private static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Repository.At(".github"), "*.yml", SearchOption.AllDirectories).Append(Repository.At("CITATION.cff"))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Workflows => Files.Where(file => file.StartsWith(".github/workflows/", StringComparison.Ordinal));

    [TestCaseSource(nameof(Files))]
    public void A_file_is_one_document_with_named_parts(string file) => Assert.That(Read(file).Children, Is.Not.Empty);

    [TestCaseSource(nameof(Workflows))]
    public void A_workflow_may_do_nothing_that_its_jobs_do_not_ask_for(string file)
    {
        var workflow = Read(file);
        Assert.Multiple(() =>
        {
            Assert.That(workflow.Children.Keys.Select(key => key.ToString()), Is.SupersetOf(new[] { "name", "on", "permissions", "jobs" }));
            Assert.That(((YamlMappingNode)workflow["permissions"]).Children.Select(right => right.ToString()), Is.EqualTo(new[] { "[contents, read]" }));
        });
    }

    [TestCaseSource(nameof(Workflows))]
    public void A_workflow_runs_scripts_that_there_are(string file)
    {
        var scripts = Script().Matches(File.ReadAllText(Repository.At(file))).Select(match => match.Value).Distinct();
        Assert.That(scripts.Where(script => !File.Exists(Repository.At(script))), Is.Empty);
    }

    // A tag can be moved to other code, a commit cannot.
    [TestCaseSource(nameof(Workflows))]
    public void An_action_is_pinned_by_its_commit_and_says_its_version(string file)
    {
        var actions = File.ReadLines(Repository.At(file)).Where(line => line.Contains("uses:", StringComparison.Ordinal));
        Assert.That(actions, Has.All.Matches<string>(line => Pin().IsMatch(line)).And.Not.Empty);
    }

    [TestCaseSource(nameof(Workflows))]
    public void No_job_waits_for_ever(string file)
    {
        var jobs = ((YamlMappingNode)Read(file)["jobs"]).Children.Values.Cast<YamlMappingNode>();
        Assert.That(jobs.Where(job => !job.Children.ContainsKey("timeout-minutes")), Is.Empty);
    }

    private static YamlMappingNode Read(string file)
    {
        using var reader = new StreamReader(Repository.At(file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    [GeneratedRegex(@"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pin();

    [GeneratedRegex(@"(?<![\w/.])(scripts/[\w-]+\.sh|\.ci/run|test\.(sh|ps1))")]
    private static partial Regex Script();
}
