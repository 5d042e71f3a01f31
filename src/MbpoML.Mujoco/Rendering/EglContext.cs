using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Rendering;

/// <summary>A context of EGL on a device, without a display or a surface: on the graphics card, or by Mesa on the processor.</summary>
internal sealed unsafe class EglContext : IOffscreenContext
{
    // Constants of EGL 1.5 and of EXT_device_enumeration and EXT_platform_device.
    private const int PlatformDevice = 0x313F, OpenGlApi = 0x30A2, NoMoreAttributes = 0x3038;
    private const int SurfaceType = 0x3033, PixelBuffer = 1, RenderableType = 0x3040, OpenGl = 8;
    private const int RedSize = 0x3024, GreenSize = 0x3023, BlueSize = 0x3022, DepthSize = 0x3025;
    private const int MaxDevices = 16;

    private readonly nint _library;
    private readonly nint _display;
    private readonly nint _context;

    private EglContext(nint library, nint display, nint context) => (_library, _display, _context) = (library, display, context);

    /// <inheritdoc/>
    public string Name => "EGL";

    /// <summary>Makes a context on the first device that has one, or gives null where there is none.</summary>
    public static EglContext? TryCreate()
    {
        var library = GraphicsLibrary.Load("libEGL.so.1", "libEGL.so");
        if (library == 0) return null;
        var context = TryCreate(library);
        if (context is null) GraphicsLibrary.Unload(library);
        return context;
    }

    public void Dispose()
    {
        ((delegate* unmanaged<nint, nint, nint, nint, uint>)Export(_library, "eglMakeCurrent"))(_display, 0, 0, 0);
        ((delegate* unmanaged<nint, nint, uint>)Export(_library, "eglDestroyContext"))(_display, _context);
    }

    private static EglContext? TryCreate(nint library)
    {
        var query = (delegate* unmanaged<int, nint*, int*, uint>)Extension(library, "eglQueryDevicesEXT");
        var getDisplay = (delegate* unmanaged<int, nint, int*, nint>)Extension(library, "eglGetPlatformDisplayEXT");
        if (query == null || getDisplay == null) return null;
        var devices = stackalloc nint[MaxDevices];
        var count = 0;
        if (query(MaxDevices, devices, &count) == 0) return null;
        for (var device = 0; device < count; device++)
            if (TryCreate(library, getDisplay(PlatformDevice, devices[device], null)) is { } context) return context;
        return null;
    }

    private static EglContext? TryCreate(nint library, nint display)
    {
        if (display == 0 || ((delegate* unmanaged<nint, int*, int*, uint>)Export(library, "eglInitialize"))(display, null, null) == 0) return null;
        ReadOnlySpan<int> wanted = [SurfaceType, PixelBuffer, RenderableType, OpenGl, RedSize, 8, GreenSize, 8, BlueSize, 8, DepthSize, 24, NoMoreAttributes];
        nint configuration;
        int count;
        fixed (int* attributes = wanted)
            if (((delegate* unmanaged<nint, int*, nint*, int, int*, uint>)Export(library, "eglChooseConfig"))(
                display, attributes, &configuration, 1, &count) == 0 || count == 0) return null;
        if (((delegate* unmanaged<int, uint>)Export(library, "eglBindAPI"))(OpenGlApi) == 0) return null;
        // No attributes: the compatibility profile, which MuJoCo needs.
        var context = ((delegate* unmanaged<nint, nint, nint, int*, nint>)Export(library, "eglCreateContext"))(display, configuration, 0, null);
        if (context == 0) return null;
        if (((delegate* unmanaged<nint, nint, nint, nint, uint>)Export(library, "eglMakeCurrent"))(display, 0, 0, context) != 0)
            return new EglContext(library, display, context);
        ((delegate* unmanaged<nint, nint, uint>)Export(library, "eglDestroyContext"))(display, context);
        return null;
    }

    private static nint Extension(nint library, string name)
    {
        var find = (delegate* unmanaged<byte*, nint>)Export(library, "eglGetProcAddress");
        fixed (byte* bytes = System.Text.Encoding.UTF8.GetBytes(name + '\0')) return find(bytes);
    }

    private static nint Export(nint library, string name) => NativeLibrary.GetExport(library, name);
}
