using System.Diagnostics;
using MbpoML.Dashboard.Files;
using MbpoML.Tests;

namespace MbpoML.Dashboard.Tests.Files;

public class GuardedFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["root", "inner"]);
        File.WriteAllText(_folder["secret.txt"], "secret");
        File.WriteAllText(_folder["root", "inner", "file.txt"], "shown");
    }

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public void A_file_below_the_root_is_read() => Assert.That(Read(Path.Combine("inner", "file.txt")), Is.EqualTo("shown"));

    [TestCase("../secret.txt")]
    [TestCase("inner/../../secret.txt")]
    [TestCase("./inner/file.txt")]
    [TestCase("inner//file.txt")]
    [TestCase("inner")]
    [TestCase("missing.txt")]
    [TestCase("")]
    public void A_path_that_leaves_the_root_or_names_no_file_gives_nothing(string path) =>
        Assert.That(Read(path.Replace('/', Path.DirectorySeparatorChar)), Is.Null);

    [Test]
    public void An_absolute_path_gives_nothing() => Assert.That(Read(_folder["secret.txt"]), Is.Null);

    [Test]
    public void A_link_gives_nothing_whether_it_is_the_file_or_a_folder_above_it()
    {
        File.CreateSymbolicLink(_folder["root", "link.txt"], _folder["secret.txt"]);
        Directory.CreateSymbolicLink(_folder["root", "out"], _folder.FullName);
        Assert.Multiple(() =>
        {
            Assert.That(Read("link.txt"), Is.Null);
            Assert.That(Read(Path.Combine("out", "secret.txt")), Is.Null);
        });
    }

    [Test]
    public void The_root_itself_may_be_a_link_because_the_user_named_it()
    {
        Directory.CreateSymbolicLink(_folder["named"], _folder["root"]);
        Assert.That(GuardedFile.ReadAll(_folder["named"], Path.Combine("inner", "file.txt"), 100), Is.Not.Null);
    }

    // Whoever opens a pipe waits for its writer, here forever.
    [Test]
    [Platform("Linux,MacOsX")]
    public void A_pipe_is_never_opened()
    {
        using var made = Process.Start("mkfifo", _folder["root", "pipe"]);
        made.WaitForExit();
        Assert.Multiple(() =>
        {
            Assert.That(made.ExitCode, Is.Zero);
            Assert.That(Read("pipe"), Is.Null);
        });
    }

    [Test]
    public void A_file_that_is_larger_than_allowed_gives_nothing() =>
        Assert.That(GuardedFile.ReadAll(_folder["root"], Path.Combine("inner", "file.txt"), 4), Is.Null);

    private string? Read(string relative) =>
        GuardedFile.ReadAll(_folder["root"], relative, 100) is { } content ? System.Text.Encoding.UTF8.GetString(content) : null;
}
