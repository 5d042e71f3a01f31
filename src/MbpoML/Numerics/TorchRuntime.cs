using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace MbpoML.Numerics;

/// <summary>Makes the native torch libraries load, also on Linux systems whose C++ runtime is older than the one TorchSharp was built with.</summary>
/// <remarks>
/// TorchSharp 0.107 asks for the symbol version GLIBCXX_3.4.32 (GCC 13) without using a symbol of it, so Debian 12, Ubuntu 22.04 and RHEL 9 refuse the library.
/// When, and only when, normal loading has failed, a copy with that one requirement made weak is loaded from a per-user cache. Systems that load TorchSharp by
/// themselves are untouched.
/// </remarks>
public static class TorchRuntime
{
    private const string LibraryName = "LibTorchSharp";
    private const string LibraryFile = "libLibTorchSharp.so";
    private const string TooNewVersion = "GLIBCXX_3.4.32";
    private static readonly string[] Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>Checks that torch loads, so that a missing backend is reported once and clearly rather than as a failed type initializer.</summary>
    /// <exception cref="PlatformNotSupportedException">No torch backend loads; the message says what to add or install.</exception>
    public static void EnsureAvailable()
    {
        try
        {
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
        }
        catch (Exception exception) when (exception is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            throw new PlatformNotSupportedException(
                "The native torch library could not be loaded. Add the package TorchSharp-cpu (or TorchSharp-cuda-linux) to the application, version " +
                $"{typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3)}; on Linux also check that libstdc++6 and libgomp1 are installed. " +
                $"The loader said: {Innermost(exception).Message}",
                exception);
        }
    }

    [ModuleInitializer]
    internal static void HookLoader()
    {
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += OnUnresolved;
    }

    [SupportedOSPlatform("linux")]
    private static nint OnUnresolved(Assembly assembly, string name) => name == LibraryName ? LoadWeakened(ProbedFolders()) : 0;

    /// <summary>Loads a weakened copy of the first TorchSharp library found in <paramref name="folders"/>.</summary>
    /// <returns>The library's handle, or 0 when there is none or the copy does not load either.</returns>
    [SupportedOSPlatform("linux")]
    internal static nint LoadWeakened(IEnumerable<string> folders)
    {
        var original = folders.Select(folder => Path.Combine(folder, LibraryFile)).FirstOrDefault(File.Exists);
        if (original is null) return 0;
        var bytes = File.ReadAllBytes(original);
        if (ElfSymbolVersions.MarkWeak(bytes, TooNewVersion) == 0) return 0;

        // The copy stands elsewhere, so what it would find beside itself has to be loaded first; the linker then matches by name.
        var home = Path.GetDirectoryName(original)!;
        foreach (var dependency in Dependencies.Select(file => Path.Combine(home, file)).Where(File.Exists))
            if (!NativeLibrary.TryLoad(dependency, out _)) return 0;
        return NativeLibrary.TryLoad(WriteToCache(bytes), out var handle) ? handle : 0;
    }

    private static IEnumerable<string> ProbedFolders()
    {
        var probing = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in probing.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)) yield return folder;
        yield return AppContext.BaseDirectory;
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        if (Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location) is { Length: > 0 } beside)
        {
            yield return beside;
            yield return Path.Combine(beside, "runtimes", "linux-x64", "native");
        }
    }

    /// <summary>Writes the library into the user's cache, once for each content; a file that is there but differs is replaced.</summary>
    [SupportedOSPlatform("linux")]
    internal static string WriteToCache(byte[] library)
    {
        var folder = Path.Combine(CacheFolder(), Convert.ToHexString(SHA256.HashData(library))[..16]);
        var path = Path.Combine(folder, LibraryFile);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(library)) return path;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var temporary = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
        File.WriteAllBytes(temporary, library);
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    private static string CacheFolder()
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(user.Length > 0 ? user : Path.Combine(Path.GetTempPath(), $"mbpoml-{Environment.UserName}"), "MbpoML", "native");
    }

    private static Exception Innermost(Exception exception) => exception.InnerException is null ? exception : Innermost(exception.InnerException);
}
