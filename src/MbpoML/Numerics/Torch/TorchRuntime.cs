using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace MbpoML.Numerics.Torch;

/// <summary>Makes the native torch libraries load, also on Linux systems whose C++ runtime is older than the one TorchSharp was built with.</summary>
/// <remarks>
/// TorchSharp 0.107 asks for the symbol version GLIBCXX_3.4.32 (GCC 13) without using a symbol of it, so Debian 12 and Ubuntu 22.04 refuse the library.
/// When, and only when, normal loading has failed, a copy with that one requirement made weak is loaded: from a per-user cache, the temporary folder or memory.
/// Systems that load TorchSharp by themselves are untouched. What the library really uses is there from glibc 2.34 and the C++ runtime of GCC 12
/// (GLIBCXX_3.4.30) on; RHEL 9 has GCC 11's.
/// </remarks>
public static class TorchRuntime
{
    /// <summary>The environment variable that names the folder of a libtorch, as <see cref="UseLibTorch"/> takes it.</summary>
    public const string FolderVariable = "MBPOML_LIBTORCH";

    private static readonly Lock Loading = new();

    /// <summary>The version of TorchSharp, as its packages are numbered.</summary>
    internal static string TorchSharpVersion { get; } = typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3);

    /// <summary>Checks that torch loads, so that a missing backend is reported once and clearly rather than as a failed type initializer.</summary>
    /// <remarks>Takes libtorch from the folder that <see cref="FolderVariable"/> names, where it is set. <c>mlContext.Reinforcement()</c> calls this.</remarks>
    /// <exception cref="PlatformNotSupportedException">No torch backend loads; the message says what to add or install.</exception>
    public static void EnsureAvailable()
    {
        UseFolderOfEnvironment();
        try
        {
            if (OperatingSystem.IsLinux()) NativeTorch.EnsureLoaded();
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
        }
        catch (Exception exception) when (exception is not PlatformNotSupportedException && IsLoadFailure(exception))
        {
            throw new PlatformNotSupportedException(TorchAdvice.Explain(exception), exception);
        }
    }

    /// <summary>
    /// Takes libtorch from a folder, such as site-packages/torch/lib of a PyTorch installation, so that the application needs no package with a backend.
    /// </summary>
    /// <remarks>
    /// Linux on x64 only. Before anything of torch is used, and in an application without a backend package. A second call with the same folder does nothing.
    /// </remarks>
    /// <param name="folder">A folder with libtorch_cpu.so of version 2.10, or one whose subfolder lib has it; CUDA is used where libtorch_cuda.so is there
    /// too.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A library is missing in it.</exception>
    /// <exception cref="InvalidOperationException">A libtorch is loaded already, or a package brought one.</exception>
    /// <exception cref="PlatformNotSupportedException">Another system, a library that does not load, or one of another version.</exception>
    public static void UseLibTorch(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new PlatformNotSupportedException($"Taking libtorch from a folder works on Linux on x64 only. {TorchAdvice.AddPackage()}");
        lock (Loading)
        {
            // Torch would load this one too, by its path, and two in one process clash.
            if (TorchFolders.FindDeployed("libtorch_cpu.so") is { } packaged)
                throw new InvalidOperationException(
                    $"The application brings a libtorch of its own, {packaged}: remove its package TorchSharp-cpu or TorchSharp-cuda-linux, or name no " +
                        "folder.");
            LibTorchFolder.Load(folder);
        }
    }

    private static void UseFolderOfEnvironment()
    {
        // What the program itself said comes first, and what another load context of the process has taken from there.
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder || LibTorchFolder.InUse is not null || TorchComesFromElsewhere())
            return;
        try
        {
            UseLibTorch(folder);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or PlatformNotSupportedException)
        {
            throw new PlatformNotSupportedException(
                $"The environment variable {FolderVariable} is '{folder}', which cannot be used. {exception.Message}", exception);
        }
    }

    private static bool TorchComesFromElsewhere() =>
        OperatingSystem.IsLinux() && NativeTorch.LoadedFile("libtorch_cpu.so") is not null && TorchFolders.FindDeployed("libtorch_cpu.so") is null;

    // TorchSharp in a single file takes the folder of its assembly, which has none, for a path.
    private static bool IsLoadFailure(Exception exception) =>
        exception is TypeInitializationException or NotSupportedException or DllNotFoundException or BadImageFormatException
        or IOException or UnauthorizedAccessException or ArgumentException;

    // The runtime asks the load context of the assembly that needs a library: that of a plugin, where this was loaded as one.
    [ModuleInitializer]
    internal static void HookLoader()
    {
        if (OperatingSystem.IsLinux() && AssemblyLoadContext.GetLoadContext(typeof(TorchRuntime).Assembly) is { } context)
            context.ResolvingUnmanagedDll += NativeTorch.OnUnresolved;
    }
}
