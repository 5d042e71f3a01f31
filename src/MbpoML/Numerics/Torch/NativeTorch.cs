using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Runtime.Versioning;

namespace MbpoML.Numerics.Torch;

/// <summary>Loads the native torch for the TorchSharp of this load context, which need not be the default one: a plugin has one of its own.</summary>
/// <remarks>
/// TorchSharp looks for its libraries by itself, and where it fails it copies 480 MB beside the application or the plugin.
/// This comes before it, so that it finds what it needs.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static class NativeTorch
{
    public const string LibraryName = "LibTorchSharp";
    public const string LibraryFile = "libLibTorchSharp.so";
    private const string TooNewVersion = "GLIBCXX_3.4.32";

    // What TorchSharp asks its load context for.
    private static readonly string[] AskedFor = ["libtorch_cpu.so", "libtorch_cuda.so", LibraryFile];
    private static nint _weakened;
    private static bool _available;

    /// <summary>What the library needs of the backend, in the order in which one needs the other.</summary>
    public static IReadOnlyList<string> BackendFiles { get; } = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    private static Assembly TorchSharpAssembly => typeof(TorchSharp.torch).Assembly;

    private static bool CanWeaken => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Loads what is not loaded yet, so that TorchSharp finds it.</summary>
    /// <exception cref="DllNotFoundException">It does not load, or is not there.</exception>
    /// <exception cref="IOException">A library cannot be read.</exception>
    /// <exception cref="PlatformNotSupportedException">The process has another version of torch.</exception>
    public static void EnsureLoaded()
    {
        // A process holds one libtorch: the second would end it. So all load contexts wait for each other at an object that they share.
        lock (AssemblyLoadContext.Default)
        {
            if (_available) return;
            if (LibTorchFolder.InUse is null && LoadedElsewhere() is { } path) TakeOver(path);
            else if (!LoadsByName()) LoadByFile();
            _available = true;
        }
    }

    /// <summary>
    /// Answers the load context of this assembly when the runtime has not found a native library: gives out the copy that an older system accepts.
    /// </summary>
    /// <returns>The handle, or 0.</returns>
    public static nint OnUnresolved(Assembly assembly, string name)
    {
        if (name != LibraryName || !CanWeaken || TorchFolders.Find(LibraryFile) is not { } library) return 0;
        try
        {
            // Asked again, for CUDA: another copy would be another torch.
            return _weakened != 0 ? _weakened : _weakened = Load(library);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            // 0 lets the runtime report its own failure; EnsureLoaded tells the reason.
            return 0;
        }
    }

    /// <summary>The path of a library that this process has loaded, whoever loaded it; else null.</summary>
    public static string? LoadedFile(string file) =>
        File.ReadLines("/proc/self/maps").FirstOrDefault(line => line.EndsWith('/' + file, StringComparison.Ordinal)) is { } line
            ? line[line.IndexOf('/', StringComparison.Ordinal)..]
            : null;

    // A second copy in another load context, as of a plugin, would load its own files although they are here.
    private static string? LoadedElsewhere() =>
        LoadedFile(BackendFiles[1]) is { } loaded && TorchFolders.FindDeployed(BackendFiles[1]) is { } own && Path.GetFullPath(own) != loaded ? loaded : null;

    private static void TakeOver(string path)
    {
        if (OtherVersion() is { } other)
        {
            throw new PlatformNotSupportedException(
                $"This process already runs torch for TorchSharp {other} ({path}), and MbpoML came with TorchSharp {TorchSharpAssembly.GetName().Version}. " +
                "A process holds one torch: use the same version in host and plugin, or run the plugin in a process of its own.");
        }

        LibTorchFolder.CheckVersion(NativeLibrary.Load(BackendFiles[1]), $"this process, {path},");
        Introduce(NativeLibrary.TryLoad(LibraryFile, out var loaded) ? loaded : Load(Existing()));
    }

    private static Version? OtherVersion() => AssemblyLoadContext.All.SelectMany(context => context.Assemblies).Select(assembly => assembly.GetName())
        .FirstOrDefault(name => name.Name == TorchSharpAssembly.GetName().Name && name.Version != TorchSharpAssembly.GetName().Version)?.Version;

    // The way that TorchSharp goes first. A host's resolver may throw what it likes.
    private static bool LoadsByName()
    {
        try
        {
            NativeLibrary.TryLoad("torch_cpu", TorchSharpAssembly, null, out _);
            return NativeLibrary.TryLoad(LibraryName, TorchSharpAssembly, null, out _);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return false;
        }
    }

    private static void LoadByFile()
    {
        var handle = Load(Existing());
        // What is loaded is found by its name, unless the host's resolver comes before that and throws.
        if (!LoadsByName()) Introduce(handle);
    }

    private static string Existing() => TorchFolders.Find(LibraryFile) ?? throw new DllNotFoundException($"{LibraryFile} is missing.");

    private static nint Load(string library)
    {
        // What is loaded already, the linker finds by its name, also from another folder: a copy, or another package.
        foreach (var file in BackendFiles.Where(file => LoadedFile(file) is null))
        {
            if (TorchFolders.Find(file) is { } dependency) NativeLibrary.Load(dependency);
        }

        if (NativeLibrary.TryLoad(library, out var handle)) return handle;
        return CanWeaken ? WeakenedLibrary.Load(library, TooNewVersion, CacheFolder()) : NativeLibrary.Load(library);
    }

    // Makes TorchSharp use what is loaded, although its load context would load the files beside it, or throws.
    private static void Introduce(nint library)
    {
        var aliases = new List<LibraryAlias>();
        try
        {
            foreach (var file in AskedFor)
            {
                var loaded = file == LibraryFile ? library : LoadedFile(file) is null ? 0 : NativeLibrary.Load(file);
                if (loaded != 0 && TorchFolders.FindDeployed(file) is { } path) aliases.Add(new LibraryAlias(loaded, Path.GetFullPath(path)));
            }

            LetItImport(library);
            if (!LoadsByName())
            {
                throw new DllNotFoundException($"The load context {AssemblyLoadContext.GetLoadContext(TorchSharpAssembly)} of the host does not find it. " +
                    "Let its LoadUnmanagedDll return 0 where a library does not load, instead of throwing.");
            }

            // TorchSharp looks for its libraries once for the processor and once for CUDA, and remembers that it has them.
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
            TorchSharp.torch.TryInitializeDeviceType(TorchSharp.DeviceType.CUDA);
        }
        finally
        {
            foreach (var alias in aliases) alias.Dispose();
        }
    }

    private static void LetItImport(nint library)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(TorchSharpAssembly, (name, _, _) => name == LibraryName ? library : 0);
        }
        catch (InvalidOperationException)
        {
            // The host has set one: then it is the host that resolves TorchSharp's imports.
        }
    }

    // $XDG_DATA_HOME or ~/.local/share; an account without a home has none.
    private static string? CacheFolder()
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return user.Length > 0 ? Path.Combine(user, "MbpoML", "native") : null;
    }
}
