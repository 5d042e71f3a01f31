namespace MbpoML.Mujoco.Rendering;

/// <summary>An OpenGL context without a window, current on the thread that made it.</summary>
internal interface IOffscreenContext : IDisposable
{
    /// <summary>What it is.</summary>
    string Name { get; }
}
