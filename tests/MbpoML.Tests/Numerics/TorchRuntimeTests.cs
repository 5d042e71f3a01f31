using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics;

public class TorchRuntimeTests
{
    private const string Program = "MbpoML.NoBackend";
    private static readonly string[] BackendFiles = ["libc10.so", "libtorch.so", "libtorch_cpu.so", "libgomp-98b21ff3.so.1"];

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
        var child = Run(Path.Combine(Repository.Output("tests", Program), Program + ".dll"), folder);
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
        var child = Run(MakeApplication(folder, library), folder);
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
        var program = MakeApplication(folder, File.ReadAllBytes(NativeFiles.TorchSharp));
        var children = new ChildProcess[2];
        Parallel.For(0, children.Length, index => children[index] = Run(program, folder));
        Assert.That(children.Select(child => child.Output.Trim()), Is.All.EqualTo("torch loads"));

        TorchRuntime.EnsureAvailable();
        var systemNeedsCopy = File.ReadAllText("/proc/self/maps").Contains("/MbpoML/native/", StringComparison.Ordinal);
        var copies = Directory.Exists(folder["data"]) ? Directory.GetFiles(folder["data"], "*", SearchOption.AllDirectories) : [];
        Assert.That(copies, Has.Length.EqualTo(systemNeedsCopy ? 1 : 0));
    }

    [Test]
    [Platform("Linux")]
    public void A_library_that_does_not_load_is_named_with_the_linkers_reason()
    {
        using var folder = new TemporaryFolder();
        var child = Run(MakeApplication(folder, [1, 2, 3]), folder);
        Assert.Multiple(() =>
        {
            Assert.That(child.ExitCode, Is.EqualTo(1));
            Assert.That(child.Output, Does.Contain("libLibTorchSharp.so does not load").And.Contain("libstdc++6"));
        });
    }

    /// <summary>Copies the program without a backend and lends it one: the given library, and links to the rest.</summary>
    private static string MakeApplication(TemporaryFolder folder, byte[] library)
    {
        var home = folder["application"];
        Directory.CreateDirectory(home);
        foreach (var file in Directory.GetFiles(Repository.Output("tests", Program))) File.Copy(file, Path.Combine(home, Path.GetFileName(file)));
        Copy(Path.Combine(Repository.Output("tests", Program), "runtimes"), Path.Combine(home, "runtimes"));
        var native = Path.Combine(home, NativeFiles.Folder);
        File.Delete(Path.Combine(native, "libLibTorchSharp.so"));
        File.WriteAllBytes(Path.Combine(native, "libLibTorchSharp.so"), library);
        foreach (var file in BackendFiles)
            File.CreateSymbolicLink(Path.Combine(native, file), Path.Combine(AppContext.BaseDirectory, NativeFiles.Folder, file));
        return Path.Combine(home, Program + ".dll");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.CreateSymbolicLink(target, file);
        }
    }

    // Without packages at hand, or TorchSharp would gather a backend from there.
    private static ChildProcess Run(string program, TemporaryFolder folder) => ChildProcess.Dotnet(
        [program], environment: new Dictionary<string, string> { ["NUGET_PACKAGES"] = folder["packages"], ["XDG_DATA_HOME"] = folder["data"] });
}
