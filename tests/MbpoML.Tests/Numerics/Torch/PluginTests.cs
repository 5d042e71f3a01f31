namespace MbpoML.Tests.Numerics.Torch;

/// <summary>
/// Programs that use MbpoML as plugins of a host that does not know it, and as a script or a notebook runs them: from the folders of the packages.
/// </summary>
[Platform("Linux")]
public class PluginTests
{
    private static readonly string Host = Path.Combine(Repository.Output("tests", "MbpoML.PluginHost"), "MbpoML.PluginHost.dll");

    [TestCase("lenient")]
    [TestCase("strict")]
    public void A_plugin_starts_and_nothing_is_copied_beside_it(string mode)
    {
        using var folder = new TemporaryFolder();
        var plugin = LentBackend.MakeApplication(folder["plugin"]);
        // TorchSharp copies from the package folder, so it is there.
        MakePackages(folder);
        var child = LentBackend.Run(folder, Host, mode, plugin);
        Assert.Multiple(() =>
        {
            Assert.That(child.Output.Trim(), Is.EqualTo("torch loads"), child.Errors);
            Assert.That(Directory.Exists(folder["plugin", "cpu"]), Is.False);
        });
    }

    [TestCase("lenient")]
    [TestCase("strict")]
    public void Plugins_with_files_of_their_own_share_the_torch_of_the_first(string mode)
    {
        using var folder = new TemporaryFolder();
        var first = LentBackend.MakeApplication(folder["first"]);
        var second = LentBackend.MakeApplication(folder["second"]);
        // Another file, not another path of the same: loaded too, it would end the process.
        var copied = folder["second", NativeFiles.Folder, "libtorch_cpu.so"];
        File.Delete(copied);
        File.Copy(Path.Combine(AppContext.BaseDirectory, NativeFiles.Folder, "libtorch_cpu.so"), copied);

        var child = LentBackend.Run(folder, Host, mode, first, second);
        Assert.That(child.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[] { "torch loads", "torch loads" }), child.Errors);
    }

    [Test]
    public void A_plugin_without_a_backend_is_told_what_its_project_lacks()
    {
        using var folder = new TemporaryFolder();
        var child = LentBackend.Run(folder, Host, "lenient", LentBackend.CopyProgram(folder["plugin"]));
        Assert.Multiple(() =>
        {
            Assert.That(child.ExitCode, Is.EqualTo(1));
            Assert.That(child.Output, Does.Contain($"beside the plugin in {folder["plugin"]}").And.Contain("EnableDynamicLoading"));
        });
    }

    [Test]
    public void A_script_starts_from_the_package_folders_and_nothing_is_copied_there()
    {
        using var folder = new TemporaryFolder();
        var program = LentBackend.CopyProgram(folder["script"]);
        Directory.Delete(folder["script", "runtimes"], recursive: true);
        var assembly = MakePackages(folder);
        var child = LentBackend.Run(folder, Host, assembly, program);
        Assert.Multiple(() =>
        {
            Assert.That(child.Output.Trim(), Is.EqualTo("torch loads"), child.Errors);
            Assert.That(Directory.GetFileSystemEntries(Path.GetDirectoryName(assembly)!), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public void A_script_without_the_backends_package_is_told_the_line_to_add()
    {
        using var folder = new TemporaryFolder();
        var program = LentBackend.CopyProgram(folder["script"]);
        var assembly = MakePackages(folder);
        Directory.Delete(folder["packages", "libtorch-cpu-linux-x64"], recursive: true);
        var child = LentBackend.Run(folder, Host, assembly, program);
        Assert.That(child.Output, Does.Contain("#r \"nuget: TorchSharp-cpu, 0.107.0\""), child.Errors);
    }

    /// <summary>Makes the package folders of TorchSharp and libtorch, as NuGet lays them out.</summary>
    /// <returns>The path of TorchSharp.dll in there.</returns>
    private static string MakePackages(TemporaryFolder folder)
    {
        var torchSharp = folder["packages", "torchsharp", "0.107.0"];
        var assembly = Path.Combine(torchSharp, "lib", "net8.0", "TorchSharp.dll");
        var library = Path.Combine(torchSharp, NativeFiles.Folder, "libLibTorchSharp.so");
        foreach (var file in new[] { assembly, library }) Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(Path.Combine(torchSharp, "torchsharp.nuspec"), "");
        File.Copy(typeof(TorchSharp.torch).Assembly.Location, assembly);
        File.CreateSymbolicLink(library, NativeFiles.TorchSharp);
        LentBackend.LinkBackend(folder["packages", "libtorch-cpu-linux-x64", "2.10.0", NativeFiles.Folder]);
        return assembly;
    }
}
