using MbpoML.Tests;

namespace MbpoML.Experiments.Tests;

[Category("Text")]
public class RunFolderTests
{
    [Test]
    public void A_folder_stands_for_the_runs_in_it()
    {
        using var folder = new TemporaryFolder();
        foreach (var run in (string[])["a/seed-1", "a/seed-2", "b", "ab/deep/er/run"])
        {
            Directory.CreateDirectory(folder[run]);
            File.WriteAllText(folder[run, "options.json"], "{}");
        }

        Assert.Multiple(() =>
        {
            Assert.That(Names(folder.FullName), Is.EqualTo(new[] { "a/seed-1", "a/seed-2", "b" }), "not deeper than three folders");
            Assert.That(Names(folder["a*"]), Is.EqualTo(new[] { "a/seed-1", "a/seed-2", "ab/deep/er/run" }));
            Assert.That(Names(folder["b"], folder["b"] + Path.DirectorySeparatorChar), Is.EqualTo(new[] { "b" }), "each once");
            Assert.That(() => RunFolders.All([folder["c*"]]), Throws.TypeOf<RunSpecException>());
        });

        string[] Names(params string[] paths) => [.. RunFolders.All(paths).Select(run => Path.GetRelativePath(folder.FullName, run.Path).Replace('\\', '/'))];
    }
}
