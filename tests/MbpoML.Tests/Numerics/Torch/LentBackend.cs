namespace MbpoML.Tests.Numerics.Torch;

/// <summary>Copies of the program that has no backend, with native libraries lent to them.</summary>
internal static class LentBackend
{
    public const string Program = "MbpoML.NoBackend";
    private static readonly string[] Files = ["libc10.so", "libtorch.so", "libtorch_cpu.so", "libgomp-98b21ff3.so.1"];

    /// <summary>Copies the program and lends it a backend.</summary>
    /// <param name="home">The folder to make.</param>
    /// <param name="library">What stands in the place of libLibTorchSharp.so; null for the library itself.</param>
    /// <returns>The program's path.</returns>
    public static string MakeApplication(string home, byte[]? library = null)
    {
        var program = CopyProgram(home);
        var native = Path.Combine(home, NativeFiles.Folder);
        if (library is not null)
        {
            File.Delete(Path.Combine(native, "libLibTorchSharp.so"));
            File.WriteAllBytes(Path.Combine(native, "libLibTorchSharp.so"), library);
        }

        LinkBackend(native);
        return program;
    }

    /// <summary>Copies the program as it is, without a backend.</summary>
    public static string CopyProgram(string home)
    {
        Directory.CreateDirectory(home);
        foreach (var file in Directory.GetFiles(Repository.Output("tests", Program))) File.Copy(file, Path.Combine(home, Path.GetFileName(file)));
        Link(Path.Combine(Repository.Output("tests", Program), "runtimes"), Path.Combine(home, "runtimes"));
        return Path.Combine(home, Program + ".dll");
    }

    /// <summary>Links the libraries of torch into a folder.</summary>
    public static void LinkBackend(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Files) File.CreateSymbolicLink(Path.Combine(folder, file), Path.Combine(AppContext.BaseDirectory, NativeFiles.Folder, file));
    }

    /// <summary>Runs one without packages at hand, or TorchSharp would gather a backend from there.</summary>
    public static ChildProcess Run(TemporaryFolder folder, params string[] arguments) => ChildProcess.Dotnet(arguments, environment: Environment(folder));

    /// <summary>The variables of such a process.</summary>
    public static Dictionary<string, string> Environment(TemporaryFolder folder) =>
        new() { ["NUGET_PACKAGES"] = folder["packages"], ["XDG_DATA_HOME"] = folder["data"] };

    private static void Link(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.CreateSymbolicLink(target, file);
        }
    }
}
