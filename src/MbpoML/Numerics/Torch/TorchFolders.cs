using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace MbpoML.Numerics.Torch;

/// <summary>
/// Where the native libraries of torch can be: in an application, in a plugin, in a single file, or in the package folders that a script or a notebook runs
/// from.
/// </summary>
internal static class TorchFolders
{
    private static readonly string InRuntimes = Path.Combine("runtimes", "linux-x64", "native");

    /// <summary>Finds a library that an application, or a plugin, brings along.</summary>
    /// <param name="file">The file's name, such as libtorch_cpu.so.</param>
    /// <returns>Its full path, or null.</returns>
    public static string? FindDeployed(string file) => Find(Deployed(), file);

    /// <summary>Finds a library that is deployed, or else one in the folders of NuGet packages.</summary>
    /// <param name="file">The file's name, such as libtorch_cpu.so.</param>
    /// <returns>Its full path, or null.</returns>
    public static string? Find(string file) => Find(Deployed().Concat(InPackages()), file);

    /// <summary>The folder of an assembly's file; null where it has none, as in a single-file application or when a host loaded it from memory.</summary>
    [UnconditionalSuppressMessage(
        "SingleFile", "IL3000", Justification = "In a single file the location is empty, and the host names the folder of the native libraries.")]
    public static string? Of(Assembly assembly) => Path.GetDirectoryName(assembly.Location) is { Length: > 0 } folder ? folder : null;

    private static string? Find(IEnumerable<string> folders, string file) => folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Deployed()
    {
        // In a plugin the folders of the application are those of its host: what stands beside the assemblies comes first.
        var beside = new[] { typeof(TorchSharp.torch).Assembly, typeof(TorchFolders).Assembly }.Select(Of).OfType<string>();
        foreach (var folder in beside.Append(AppContext.BaseDirectory))
        {
            yield return folder;
            yield return Path.Combine(folder, InRuntimes);
        }

        var probing = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in probing.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)) yield return folder;
    }

    // Each package has its native libraries in a folder of its own. The first root is the one that TorchSharp itself runs from:
    // packages/torchsharp/0.107.0/lib/net8.0.
    private static IEnumerable<string> InPackages()
    {
        var own = Of(typeof(TorchSharp.torch).Assembly) is { } folder ? Path.GetFullPath(Path.Combine(folder, "..", "..", "..", "..")) : null;
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        var common = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named : user.Length > 0
            ? Path.Combine(user, ".nuget", "packages") : null;
        foreach (var root in new[] { own, common }.OfType<string>().Distinct())
        {
            yield return Path.Combine(root, "torchsharp", TorchRuntime.TorchSharpVersion, InRuntimes);
            foreach (var version in Versions(Path.Combine(root, "libtorch-cpu-linux-x64"))) yield return Path.Combine(version, InRuntimes);
        }
    }

    private static IEnumerable<string> Versions(string package) =>
        Directory.Exists(package)
            ? Directory.EnumerateDirectories(package, $"{LibTorchFolder.Major}.{LibTorchFolder.Minor}.*").OrderDescending(StringComparer.Ordinal) : [];
}
