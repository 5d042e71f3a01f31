using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Rendering;

/// <summary>mjrRect, in pixels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Rectangle(int Left, int Bottom, int Width, int Height);
