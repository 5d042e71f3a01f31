using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Runtime.Versioning;

namespace MbpoML.Numerics;

/// <summary>Makes the native torch libraries load, also on Linux systems whose C++ runtime is older than the one TorchSharp was built with.</summary>
/// <remarks>
/// TorchSharp 0.107 asks for the symbol version GLIBCXX_3.4.32 (GCC 13) without using a symbol of it, so Debian 12 and Ubuntu 22.04 refuse the library.
/// When, and only when, normal loading has failed, a copy with that one requirement made weak is loaded from a per-user cache. Systems that load TorchSharp by
/// themselves are untouched. What the library really uses is there from glibc 2.34 and the C++ runtime of GCC 12 (GLIBCXX_3.4.30) on; RHEL 9 has GCC 11's.
/// </remarks>
public static class TorchRuntime
{
    /// <summary>The environment variable that names the folder of a libtorch, as <see cref="UseLibTorch"/> takes it.</summary>
    public const string FolderVariable = "MBPOML_LIBTORCH";

    private const string LibraryName = "LibTorchSharp";
    private const string LibraryFile = "libLibTorchSharp.so";
    private const string TooNewVersion = "GLIBCXX_3.4.32";
    private static readonly Lock Loading = new();
    // What the library needs of the backend, in the order in which one needs the other.
    private static readonly string[] BackendFiles = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static nint _weakened;

    /// <summary>Checks that torch loads, so that a missing backend is reported once and clearly rather than as a failed type initializer.</summary>
    /// <remarks>Takes libtorch from the folder that <see cref="FolderVariable"/> names, where it is set. <c>mlContext.Reinforcement()</c> calls this.</remarks>
    /// <exception cref="PlatformNotSupportedException">No torch backend loads; the message says what to add or install.</exception>
    public static void EnsureAvailable()
    {
        UseFolderOfEnvironment();
        try
        {
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
        }
        catch (Exception exception) when (exception is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            throw new PlatformNotSupportedException(Explain(exception), exception);
        }
    }

    /// <summary>Takes libtorch from a folder, such as site-packages/torch/lib of a PyTorch installation, so that the application needs no package with a backend.</summary>
    /// <remarks>Linux on x64 only. Before anything of torch is used, and in an application without a backend package. A second call with the same folder does nothing.</remarks>
    /// <param name="folder">A folder with libtorch_cpu.so of version 2.10, or one whose subfolder lib has it; CUDA is used where libtorch_cuda.so is there too.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A library is missing in it.</exception>
    /// <exception cref="InvalidOperationException">A libtorch is loaded already, or a package brought one.</exception>
    /// <exception cref="PlatformNotSupportedException">Another system, a library that does not load, or one of another version.</exception>
    public static void UseLibTorch(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new PlatformNotSupportedException($"Taking libtorch from a folder works on Linux on x64 only. {AddPackage()}");
        lock (Loading)
        {
            // Torch would load this one too, by its path, and two in one process clash.
            if (Find("libtorch_cpu.so") is { } packaged)
                throw new InvalidOperationException($"The application brings a libtorch of its own, {packaged}: remove its package TorchSharp-cpu or TorchSharp-cuda-linux, or name no folder.");
            LibTorchFolder.Load(folder);
        }
    }

    private static void UseFolderOfEnvironment()
    {
        // What the program itself said comes first.
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder || LibTorchFolder.InUse is not null) return;
        try
        {
            UseLibTorch(folder);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or PlatformNotSupportedException)
        {
            throw new PlatformNotSupportedException($"The environment variable {FolderVariable} is '{folder}', which cannot be used. {exception.Message}", exception);
        }
    }

    [ModuleInitializer]
    internal static void HookLoader()
    {
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += OnUnresolved;
    }

    [SupportedOSPlatform("linux")]
    private static nint OnUnresolved(Assembly assembly, string name)
    {
        if (name != LibraryName || Find(LibraryFile) is not { } library) return 0;
        try
        {
            // Asked again, for CUDA: another copy would be another torch.
            return _weakened != 0 ? _weakened : _weakened = LoadWeakened(library);
        }
        catch (Exception exception) when (IsLoadFailure(exception))
        {
            // 0 lets the runtime report its own failure; EnsureAvailable adds the reason.
            return 0;
        }
    }

    [SupportedOSPlatform("linux")]
    private static nint LoadWeakened(string library) =>
        WeakenedLibrary.Load(library, TooNewVersion, [.. BackendFiles.Select(Find).OfType<string>()], CacheFolder());

    private static string Explain(Exception exception)
    {
        if (!OperatingSystem.IsLinux()) return $"The native torch library does not load. {AddPackage()} The loader said: {Innermost(exception).Message}";
        if (LibTorchFolder.InUse is null && BackendFiles.FirstOrDefault(file => Find(file) is null) is { } missing) return $"There is no torch backend beside the application: {missing} is missing. {AddPackage()} " +
                $"Or set the environment variable {FolderVariable} to the folder of a libtorch {LibTorchFolder.Major}.{LibTorchFolder.Minor}, such as site-packages/torch/lib of PyTorch.";
        return Find(LibraryFile) is { } library
            ? $"The native library {library} does not load: {Reason(library, exception)} It needs Linux on x64 with glibc 2.34 and the C++ runtime of GCC 12 or newer, as in Debian 12 and Ubuntu 22.04; there 'apt-get install libstdc++6' brings it."
            : $"The native library {LibraryFile}, which comes with the package TorchSharp, is missing beside the application. Build or publish it again.";
    }

    private static string AddPackage() =>
        $"Add the package TorchSharp-cpu, or TorchSharp-cuda-linux for NVIDIA GPUs, version {typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3)}, to the application's project.";

    [SupportedOSPlatform("linux")]
    private static string Reason(string library, Exception exception)
    {
        try
        {
            LoadWeakened(library);
            return Innermost(exception).Message;
        }
        catch (Exception reason) when (IsLoadFailure(reason))
        {
            return reason.Message;
        }
    }

    private static bool IsLoadFailure(Exception exception) =>
        exception is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException;

    private static string? Find(string file) => ProbedFolders().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

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

    // $XDG_DATA_HOME or ~/.local/share; an account without a home has none.
    private static string? CacheFolder()
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return user.Length > 0 ? Path.Combine(user, "MbpoML", "native") : null;
    }

    private static Exception Innermost(Exception exception) => exception.InnerException is null ? exception : Innermost(exception.InnerException);
}
