using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Torch;

public class TorchRuntimeTests
{
    [Test]
    public void Torch_loads_and_computes()
    {
        TorchRuntime.EnsureAvailable();
        using var sum = arange(4, ScalarType.Float32).sum();
        Assert.That(sum.item<float>(), Is.EqualTo(6f));
    }

    [Test]
    public void Without_a_backend_the_error_names_the_package_to_add()
    {
        using var folder = new TemporaryFolder();
        var child = LentBackend.Run(folder, LentBackend.CopyProgram(folder["application"]));
        Assert.Multiple(() =>
        {
            Assert.That(child.ExitCode, Is.EqualTo(1));
            Assert.That(child.Output, Does.Contain("Add the package TorchSharp-cpu").And.Contain("version 0.107.0"));
        });
    }

    [Test]
    [Platform("Linux")]
    public void A_system_that_loads_the_library_by_itself_is_left_untouched()
    {
        // The library as a newer system sees it: nothing it requires is missing.
        var library = File.ReadAllBytes(NativeFiles.TorchSharp);
        ElfSymbolVersions.MarkWeak(library, "GLIBCXX_3.4.32");
        using var folder = new TemporaryFolder();
        var child = LentBackend.Run(folder, LentBackend.MakeApplication(folder["application"], library));
        Assert.Multiple(() =>
        {
            Assert.That(child.Output.Trim(), Is.EqualTo("torch loads"), child.Errors);
            Assert.That(Directory.Exists(folder["data", "MbpoML"]), Is.False);
        });
    }

    [Test]
    [Platform("Linux")]
    public void Two_processes_that_start_together_share_one_copy_where_the_system_needs_one()
    {
        using var folder = new TemporaryFolder();
        var program = LentBackend.MakeApplication(folder["application"]);
        var children = new ChildProcess[2];
        Parallel.For(0, children.Length, index => children[index] = LentBackend.Run(folder, program));
        Assert.That(children.Select(child => child.Output.Trim()), Is.All.EqualTo("torch loads"));

        var copies = Directory.Exists(folder["data"]) ? Directory.GetFiles(folder["data"], "*", SearchOption.AllDirectories) : [];
        Assert.That(copies, Has.Length.EqualTo(SystemNeedsCopy() ? 1 : 0));
    }

    [Test]
    [Platform("Linux")]
    public void Where_no_folder_can_be_written_the_copy_is_kept_in_memory()
    {
        using var folder = new TemporaryFolder();
        var child = RunWithoutFolders(folder, LentBackend.MakeApplication(folder["application"]));
        Assert.That(child.Output.Trim(), Is.EqualTo("torch loads"), child.Errors);
    }

    [Test]
    [Platform("Linux")]
    public void Where_no_place_can_hold_the_copy_the_message_names_the_places_and_the_variables()
    {
        using var folder = new TemporaryFolder();
        // Files of at most 100 KB, also in memory. The runtime's own file in memory is larger, so it does without.
        var child = RunWithoutFolders(
            folder, LentBackend.MakeApplication(folder["application"]), "trap '' XFSZ; ulimit -f 100; export DOTNET_EnableWriteXorExecute=0; ");
        // Where the system loads the library as it is, no copy is missed.
        Assert.That(child.ExitCode, Is.EqualTo(SystemNeedsCopy() ? 1 : 0), child.Errors);
        Assert.That(child.Output, SystemNeedsCopy()
            ? Does.Contain("XDG_DATA_HOME").And.Contain("TMPDIR").And.Contain("memory").And.Contain("noexec").And.Not.Contain("libstdc++6")
            : Does.Contain("torch loads"));
    }

    [Test]
    [Platform("Linux")]
    public void A_library_that_is_damaged_is_named_with_the_linkers_reason_and_what_helps()
    {
        using var folder = new TemporaryFolder();
        var child = LentBackend.Run(folder, LentBackend.MakeApplication(folder["application"], [1, 2, 3]));
        Assert.Multiple(() =>
        {
            Assert.That(child.ExitCode, Is.EqualTo(1));
            Assert.That(child.Output,
                Does.Contain("libLibTorchSharp.so does not load").And.Contain("file too short").And.Contain("The file is damaged").And.Not.Contain("apt-get"));
        });
    }

    [TestCase("/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /a/libLibTorchSharp.so)", "apt-get install libstdc++6")]
    [TestCase("libstdc++.so.6: cannot open shared object file: No such file or directory", "apt-get install libstdc++6")]
    [TestCase("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /a/libtorch_cpu.so)", "C library is too old")]
    [TestCase("/a/libtorch_cpu.so: failed to map segment from shared object", "noexec")]
    [TestCase("libnuma.so.1: cannot open shared object file: No such file or directory", "The library libnuma.so.1 is not on this system")]
    [TestCase("/a/libLibTorchSharp.so: invalid ELF header", "damaged")]
    [TestCase("undefined symbol: at_something", "")]
    public void The_advice_follows_from_what_the_linker_said(string reason, string advice) =>
        Assert.That(TorchAdvice.Advice(reason), advice.Length == 0 ? Is.Empty : Does.Contain(advice));

    private static bool SystemNeedsCopy()
    {
        TorchRuntime.EnsureAvailable();
        return !File.ReadAllText("/proc/self/maps").Contains(NativeFiles.TorchSharp, StringComparison.Ordinal);
    }

    // A home below a file, and a temporary folder that is not there.
    private static ChildProcess RunWithoutFolders(TemporaryFolder folder, string program, string before = "")
    {
        File.WriteAllText(folder["file"], "");
        var environment = LentBackend.Environment(folder);
        foreach (var (name, value) in new[] { ("XDG_DATA_HOME", folder["file", "data"]), ("TMPDIR", folder["none"]),
            ("DOTNET_EnableDiagnostics", "0") }) environment[name] = value;
        return ChildProcess.Run("bash", ["-c", $"{before}exec '{ChildProcess.Host}' '{program}'"], environment: environment);
    }
}
