using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Rendering;

/// <summary>A context of OSMesa, which draws on the processor and needs no device at all.</summary>
internal sealed unsafe class SoftwareContext : IOffscreenContext
{
    // Constants of GL/osmesa.h; the profile is the compatibility one, which MuJoCo needs.
    private const int Format = 0x22, Rgba = 0x1908, DepthBits = 0x30, StencilBits = 0x31, Profile = 0x33, CompatibilityProfile = 0x35;
    private const int UnsignedByte = 0x1401;
    // MuJoCo draws into a buffer of its own; the context only has to have one.
    private const int Size = 16;

    private readonly nint _library;
    private readonly nint _context;
    private readonly void* _pixels;

    private SoftwareContext(nint library, nint context, void* pixels)
    {
        (_library, _context) = (library, context);
        _pixels = pixels;
    }

    /// <inheritdoc/>
    public string Name => "OSMesa";

    /// <summary>Makes a context, or gives null where the library is missing or does not make one.</summary>
    public static SoftwareContext? TryCreate()
    {
        var library = GraphicsLibrary.Load("libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so");
        if (library == 0 || !NativeLibrary.TryGetExport(library, "OSMesaCreateContextAttribs", out var create)) return null;
        ReadOnlySpan<int> wanted = [Format, Rgba, DepthBits, 24, StencilBits, 8, Profile, CompatibilityProfile, 0];
        nint context;
        fixed (int* attributes = wanted) context = ((delegate* unmanaged<int*, nint, nint>)create)(attributes, 0);
        if (context == 0) return null;
        var pixels = NativeMemory.AllocZeroed(Size * Size * 4);
        var made = new SoftwareContext(library, context, pixels);
        if (((delegate* unmanaged<nint, void*, int, int, int, byte>)NativeLibrary.GetExport(library, "OSMesaMakeCurrent"))(
            context, pixels, UnsignedByte, Size, Size) != 0) return made;
        made.Dispose();
        return null;
    }

    public void Dispose()
    {
        ((delegate* unmanaged<nint, void>)NativeLibrary.GetExport(_library, "OSMesaDestroyContext"))(_context);
        NativeMemory.Free(_pixels);
    }
}
