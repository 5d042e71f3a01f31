using System.Runtime.InteropServices;
using MbpoML.Mujoco.Native;

namespace MbpoML.Mujoco.Rendering;

/// <summary>MuJoCo's functions for pictures.</summary>
internal sealed unsafe class SceneFunctions(MujocoLibrary library)
{
    public readonly delegate* unmanaged<nint, nint,
        nint> CopyModel = (delegate* unmanaged<nint, nint, nint>)NativeLibrary.GetExport(library.Handle, "mj_copyModel");
    public readonly delegate* unmanaged<void*, void> DefaultCamera = One(library, "mjv_defaultCamera"), DefaultOption = One(library, "mjv_defaultOption"),
        DefaultScene = One(library, "mjv_defaultScene"),
        DefaultContext = One(library, "mjr_defaultContext"), FreeScene = One(library, "mjv_freeScene"), FreeContext = One(library, "mjr_freeContext");

    public readonly delegate* unmanaged<nint, void*, int,
        void> MakeScene = (delegate* unmanaged<nint, void*, int, void>)NativeLibrary.GetExport(library.Handle, "mjv_makeScene");
    public readonly delegate* unmanaged<nint, void*, int,
        void> MakeContext = (delegate* unmanaged<nint, void*, int, void>)NativeLibrary.GetExport(library.Handle, "mjr_makeContext");
    public readonly delegate* unmanaged<int, void*,
        void> SetBuffer = (delegate* unmanaged<int, void*, void>)NativeLibrary.GetExport(library.Handle, "mjr_setBuffer");

    public readonly delegate* unmanaged<nint, nint, void*, void*, void*, int, void*, void> UpdateScene =
        (delegate* unmanaged<nint, nint, void*, void*, void*, int, void*, void>)NativeLibrary.GetExport(library.Handle, "mjv_updateScene");

    public readonly delegate* unmanaged<Rectangle, void*, void*,
        void> Render = (delegate* unmanaged<Rectangle, void*, void*, void>)NativeLibrary.GetExport(library.Handle, "mjr_render");
    public readonly delegate* unmanaged<byte*, float*, Rectangle, void*,
        void> ReadPixels = (delegate* unmanaged<byte*, float*, Rectangle, void*, void>)NativeLibrary.GetExport(library.Handle, "mjr_readPixels");

    private static delegate* unmanaged<void*, void> One(MujocoLibrary library, string name) =>
        (delegate* unmanaged<void*, void>)NativeLibrary.GetExport(library.Handle, name);
}
