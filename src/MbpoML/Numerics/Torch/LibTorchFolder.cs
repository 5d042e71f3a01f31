using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MbpoML.Numerics.Torch;

/// <summary>A libtorch in a folder of its own, such as that of a PyTorch installation, in place of one that a package puts beside the application.</summary>
internal static class LibTorchFolder
{
    /// <summary>The version of libtorch that TorchSharp was built with; its C++ functions differ from version to version.</summary>
    public const int Major = 2, Minor = 10;

    private const string Main = "libtorch_cpu.so";

    // In the order in which one needs the other. What is loaded, the linker then finds by its name, whoever asks for it.
    private static readonly string[] BeforeMain = ["libc10.so"];
    private static readonly string[] WithCuda = ["libc10_cuda.so", "libtorch_cuda.so"];
    private static readonly string[] AfterMain = ["libtorch.so"];

    /// <summary>The folder whose libraries were loaded, or null.</summary>
    public static string? InUse { get; private set; }

    /// <summary>Loads the libraries, those of CUDA where the folder has them.</summary>
    /// <param name="folder">A folder with libtorch_cpu.so, or one whose subfolder lib has it.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A library is missing.</exception>
    /// <exception cref="InvalidOperationException">A libtorch is loaded already.</exception>
    /// <exception cref="PlatformNotSupportedException">A library does not load, or is of another version.</exception>
    [SupportedOSPlatform("linux")]
    public static void Load(string folder)
    {
        var libraries = FindLibraries(Path.GetFullPath(folder));
        if (InUse == libraries) return;
        if (NativeTorch.LoadedFile(Main) is not null)
            throw new InvalidOperationException(
                $"A libtorch is loaded already, so that of {folder} comes too late. Name it before anything of torch is used, first thing in the program.");

        foreach (var file in BeforeMain) LoadOne(libraries, file);
        CheckVersion(LoadOne(libraries, Main), libraries);
        foreach (var file in WithCuda.Where(file => File.Exists(Path.Combine(libraries, file)))) LoadOne(libraries, file);
        foreach (var file in AfterMain) LoadOne(libraries, file);
        InUse = libraries;
    }

    private static string FindLibraries(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder {folder}.");
        return new[] { folder, Path.Combine(folder, "lib") }.FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, Main)))
            ?? throw new FileNotFoundException($"The folder {folder} has no {Main}. Of a PyTorch that pip installed it is site-packages/torch/lib.");
    }

    private static nint LoadOne(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path)) throw new FileNotFoundException($"The folder {folder} has {Main}, but no {file}.");
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new PlatformNotSupportedException($"{path} does not load: {exception.Message}", exception);
        }
    }

    /// <summary>Refuses a libtorch of another version than TorchSharp was built with.</summary>
    /// <param name="library">The handle of libtorch_cpu.so.</param>
    /// <param name="place">Where it came from, for the message.</param>
    /// <exception cref="PlatformNotSupportedException">It is of another version.</exception>
    public static unsafe void CheckVersion(nint library, string place)
    {
        // torch/csrc/inductor/aoti_torch/c/shim.h: major, minor and patch in the upper bytes.
        var version = NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out var function) ? ((delegate* unmanaged<ulong>)function)() : 0;
        var (major, minor) = (version >> 56, (version >> 48) & 0xFF);
        if (major == Major && minor == Minor) return;
        throw new PlatformNotSupportedException(
            $"The libtorch in {place} is {(version == 0 ? "of an older version that does not say its number" : $"version {major}.{minor}")}, but TorchSharp " +
            $"{TorchRuntime.TorchSharpVersion} needs {Major}.{Minor}: for instance 'pip install torch=={Major}.{Minor}.*'.");
    }
}
