using MbpoML.Numerics.Torch;
using TorchSharp;

namespace MbpoML.Tests.Numerics.Torch;

/// <summary>
/// An application without a backend package takes libtorch from a folder: here the one that a package put beside the tests, as PyTorch's would be.
/// </summary>
[Platform("Linux")]
public class LibTorchFolderTests
{
    private static readonly string Program = Path.Combine(Repository.Output("tests", "MbpoML.NoBackend"), "MbpoML.NoBackend.dll");
    private static readonly string Native = Path.Combine(AppContext.BaseDirectory, NativeFiles.Folder);

    [Test]
    public void The_variable_names_the_folder() => Loads(Run([], Native));

    [Test]
    public void The_program_names_the_folder_and_comes_before_the_variable() => Loads(Run([Native, "-", Native], "/no/such/folder"));

    [Test]
    public void The_folder_may_be_the_parent_of_lib()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateSymbolicLink(folder["lib"], Native);
        Loads(Run([folder[""]]));
    }

    [Test]
    public void A_folder_that_is_not_there_is_named()
    {
        Refuses(Run([], "/no/such/folder"), "MBPOML_LIBTORCH is '/no/such/folder'", "There is no folder /no/such/folder");
        Refuses(Run(["/no/such/folder"]), "There is no folder /no/such/folder");
    }

    [Test]
    public void A_folder_without_libtorch_is_told_where_pip_puts_it()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        Refuses(Run([folder["empty"]]), "has no libtorch_cpu.so", "site-packages/torch/lib");
    }

    [Test]
    public void A_folder_that_lacks_one_of_the_libraries_is_told_which()
    {
        using var folder = new TemporaryFolder();
        Place(folder, "libtorch_cpu.so", NativeFiles.Small);
        Refuses(Run([folder["lib"]]), "has libtorch_cpu.so, but no libc10.so");
    }

    [Test]
    public void A_library_that_does_not_load_is_told_with_the_linkers_reason()
    {
        using var folder = new TemporaryFolder();
        Place(folder, "libc10.so", Path.Combine(Native, "libc10.so"));
        Directory.CreateDirectory(folder["lib"]);
        File.WriteAllBytes(Path.Combine(folder["lib"], "libtorch_cpu.so"), [1, 2, 3]);
        Refuses(Run([folder["lib"]]), "libtorch_cpu.so does not load", "file too short");
    }

    [Test]
    public void Another_version_is_told_which_one_is_needed()
    {
        using var folder = new TemporaryFolder();
        Place(folder, "libc10.so", Path.Combine(Native, "libc10.so"));
        // A library that loads and, like an older torch, does not say its version.
        Place(folder, "libtorch_cpu.so", NativeFiles.Small);
        Refuses(Run([folder["lib"]]), "TorchSharp 0.107.0 needs 2.10", "pip install torch==2.10.*");
    }

    [Test]
    public void After_torch_was_used_another_folder_comes_too_late()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateSymbolicLink(folder["lib"], Native);
        Refuses(Run([Native, "-", folder["lib"]]), "comes too late");
    }

    [Test]
    public void An_application_with_a_backend_package_is_told_to_remove_it() =>
        Assert.That(() => TorchRuntime.UseLibTorch(Native),
            Throws.InvalidOperationException.With.Message.Contains("brings a libtorch of its own").And.Message.Contains("TorchSharp-cpu"));

    [Test]
    public void The_version_is_the_one_that_TorchSharp_was_built_with() =>
        Assert.That(torch.__version__, Does.StartWith($"{LibTorchFolder.Major}.{LibTorchFolder.Minor}."));

    private static void Loads(ChildProcess child) => Assert.That(child.Output.Trim(), Is.EqualTo("torch loads"), child.Errors);

    private static void Refuses(ChildProcess child, params string[] reasons) => Assert.Multiple(() =>
    {
        Assert.That(child.ExitCode, Is.EqualTo(1), child.Errors);
        foreach (var reason in reasons) Assert.That(child.Output, Does.Contain(reason));
    });

    private static void Place(TemporaryFolder folder, string name, string original)
    {
        Directory.CreateDirectory(folder["lib"]);
        File.CreateSymbolicLink(Path.Combine(folder["lib"], name), original);
    }

    // Without packages at hand, or TorchSharp would gather a backend from there.
    private static ChildProcess Run(IEnumerable<string> arguments, string variable = "")
    {
        using var empty = new TemporaryFolder();
        return ChildProcess.Dotnet(
            [Program, .. arguments],
            environment: new Dictionary<string, string>
            {
                ["NUGET_PACKAGES"] = empty["packages"],
                ["XDG_DATA_HOME"] = empty["data"],
                [TorchRuntime.FolderVariable] = variable
            });
    }
}
