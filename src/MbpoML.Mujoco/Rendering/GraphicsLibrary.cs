using System.Runtime.InteropServices;
using System.Text;

namespace MbpoML.Mujoco.Rendering;

/// <summary>
/// Loads graphics libraries so that MuJoCo finds their functions: it looks for them among the symbols of the whole process, where .NET's own loader does not
/// put them.
/// </summary>
internal static unsafe class GraphicsLibrary
{
    // RTLD_NOW and RTLD_GLOBAL of glibc.
    private const int Now = 2, Global = 0x100;

    /// <summary>The first of some libraries that loads, or 0.</summary>
    public static nint Load(params ReadOnlySpan<string> names)
    {
        var open = (delegate* unmanaged<byte*, int, nint>)Find("dlopen");
        if (open == null) return 0;
        foreach (var name in names)
            fixed (byte* bytes = Encoding.UTF8.GetBytes(name + '\0'))
                if (open(bytes, Now | Global) is not 0 and var handle) return handle;
        return 0;
    }

    /// <summary>Takes a library away that turned out to be of no use: MuJoCo would ask it first.</summary>
    public static void Unload(nint library)
    {
        var close = (delegate* unmanaged<nint, int>)Find("dlclose");
        if (close != null) close(library);
    }

    private static nint Find(string function) =>
        OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), function, out var pointer) ? pointer : 0;
}
