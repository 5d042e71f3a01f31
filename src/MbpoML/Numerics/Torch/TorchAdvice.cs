using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;

namespace MbpoML.Numerics.Torch;

/// <summary>Says why torch does not load and what helps, after a look at the system, the files and the words of the dynamic linker.</summary>
internal static partial class TorchAdvice
{
    // What the linker says: a part of its message, and what helps then.
    private static readonly (string Words, string Advice)[] LinkersWords =
    [
        ("version `GLIBC_", "The system's C library is too old: it needs glibc 2.34, as in Debian 12 and Ubuntu 22.04."),
        ("version `GLIBCXX_",
            "The system's C++ runtime is too old: it needs that of GCC 12, as in Debian 12 and Ubuntu 22.04; there 'apt-get install libstdc++6' brings it."),
        ("version `CXXABI_",
            "The system's C++ runtime is too old: it needs that of GCC 12, as in Debian 12 and Ubuntu 22.04; there 'apt-get install libstdc++6' brings it."),
        ("libstdc++.so.6: cannot open", "The system has no C++ runtime: on Debian and Ubuntu 'apt-get install libstdc++6' brings it."),
        ("file too short", Damaged),
        ("invalid ELF header", Damaged),
        ("wrong ELF class", Damaged),
        ("failed to map segment", "Its folder may not hold executable files, as when it is mounted noexec: put the application into another."),
    ];

    private const string Damaged =
        "The file is damaged: empty the folder of built files and the package's folder below ~/.nuget/packages, then restore and build again.";

    /// <summary>Explains a failure to load torch.</summary>
    /// <param name="exception">What TorchSharp or the runtime threw.</param>
    /// <returns>Whole sentences.</returns>
    public static string Explain(Exception exception)
    {
        var reason = Innermost(exception).Message;
        if (!OperatingSystem.IsLinux()) return ExplainElsewhere(reason);
        var identifier = RuntimeInformation.RuntimeIdentifier;
        if (identifier.Contains("musl", StringComparison.Ordinal) || identifier.StartsWith("alpine", StringComparison.Ordinal))
            return $"Torch needs glibc, and this system ({identifier}) has musl: use one with glibc, or a container image of Debian or Ubuntu.";
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return $"On Linux, TorchSharp {TorchRuntime.TorchSharpVersion} has native libraries for x64 only, and this process runs on " +
                $"{RuntimeInformation.ProcessArchitecture}. " +
                $"The loader said: {reason}";
        }

        if (LibTorchFolder.InUse is null && NativeTorch.BackendFiles.FirstOrDefault(file => TorchFolders.Find(file) is null) is { } missing)
        {
            return $"There is no torch backend {Place()}: {missing} is missing. {AddPackage()} Or set the environment variable {TorchRuntime.FolderVariable} " +
                $"to the folder of a libtorch {LibTorchFolder.Major}.{LibTorchFolder.Minor}, such as site-packages/torch/lib of PyTorch.";
        }

        return TorchFolders.Find(NativeTorch.LibraryFile) is { } library
            ? $"The native library {library} does not load: {reason} {Advice(reason)}".TrimEnd()
            : $"The native library {NativeTorch.LibraryFile}, which comes with the package TorchSharp, is missing {Place()}. Build or publish it again.";
    }

    /// <summary>Names the package with a backend and says where it is added.</summary>
    public static string AddPackage()
    {
        var version = TorchRuntime.TorchSharpVersion;
        return IsScript()
            ? $"Add the line #r \"nuget: TorchSharp-cpu, {version}\" to the script or the notebook."
            : $"Add the package TorchSharp-cpu, or TorchSharp-cuda-linux or TorchSharp-cuda-windows for NVIDIA GPUs, version {version}, " +
                $"to the {(IsPlugin() ? "plugin's project, with EnableDynamicLoading" : "application's project")}.";
    }

    /// <summary>What helps against what the dynamic linker said, or nothing where its words are not known.</summary>
    internal static string Advice(string reason)
    {
        var advice = LinkersWords.FirstOrDefault(entry => reason.Contains(entry.Words, StringComparison.Ordinal)).Advice;
        if (advice is not null) return advice;
        return MissingLibrary().Match(reason) is { Success: true } match
            ? $"The library {match.Groups[1].Value} is not on this system: install the package that brings it." : "";
    }

    private static string ExplainElsewhere(string reason)
    {
        // Where the files are there, a package more changes nothing.
        var files = OperatingSystem.IsWindows() ? new[] { "LibTorchSharp.dll", "torch_cpu.dll" } : ["libLibTorchSharp.dylib", "libtorch_cpu.dylib"];
        var advice = files.Any(file => TorchFolders.Find(file) is null) ? AddPackage()
            : OperatingSystem.IsWindows() ? "Its files are there: install the Microsoft Visual C++ Redistributable of 2015 to 2022, which they need."
                : "Its files are there.";
        return $"The native torch library does not load. {advice} The loader said: {reason}";
    }

    private static string Place() => IsScript() ? "among the packages of the script"
        : IsPlugin() ? $"beside the plugin in {TorchFolders.Of(typeof(TorchAdvice).Assembly)}"
        : "beside the application";

    // Scripts and notebooks run from the package folders; what is built or published does not.
    private static bool IsScript() =>
        TorchFolders.Of(typeof(TorchSharp.torch).Assembly) is { } folder && File.Exists(Path.Combine(folder, "..", "..", "torchsharp.nuspec"));

    private static bool IsPlugin() => AssemblyLoadContext.GetLoadContext(typeof(TorchAdvice).Assembly) != AssemblyLoadContext.Default;

    private static Exception Innermost(Exception exception) => exception.InnerException is null ? exception : Innermost(exception.InnerException);

    [GeneratedRegex(@"([\w.+\-]+\.so[\w.]*): cannot open shared object file")]
    private static partial Regex MissingLibrary();
}
