using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MbpoML.Numerics.Torch;

/// <summary>Gives a loaded native library another path for a while: who loads that path gets this library instead of the file.</summary>
/// <remarks>
/// The dynamic linker of glibc compares the path that it is asked for with those of the libraries that it has loaded. Its list is public: link.h, dlinfo(3).
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed partial class LibraryAlias : IDisposable
{
    private const int LinkMapRequest = 2;
    // struct link_map: the address of the library, then a pointer to its name.
    private static readonly int NameOffset = IntPtr.Size;
    private readonly nint _map;
    private readonly nint _original;
    private readonly nint _alias;

    /// <summary>Names a library anew until this is disposed.</summary>
    /// <param name="library">The library's handle.</param>
    /// <param name="path">The full path that it answers to.</param>
    /// <exception cref="DllNotFoundException">The handle is that of no library.</exception>
    public LibraryAlias(nint library, string path)
    {
        if (Information(library, LinkMapRequest, out _map) != 0)
            throw new DllNotFoundException($"The library in place of {path} is not in the list of loaded libraries.");
        _original = Marshal.ReadIntPtr(_map, NameOffset);
        _alias = Marshal.StringToCoTaskMemUTF8(path);
        Marshal.WriteIntPtr(_map, NameOffset, _alias);
    }

    /// <summary>Gives the library its own path back.</summary>
    public void Dispose()
    {
        Marshal.WriteIntPtr(_map, NameOffset, _original);
        Marshal.FreeCoTaskMem(_alias);
    }

    [LibraryImport("libc", EntryPoint = "dlinfo")]
    private static partial int Information(nint library, int request, out nint result);
}
