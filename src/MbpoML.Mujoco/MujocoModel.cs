using MbpoML.Mujoco.Checks;
using MbpoML.Mujoco.Native;

namespace MbpoML.Mujoco;

/// <summary>A compiled MJCF model. It never changes, so any number of environments on any threads may share it.</summary>
public sealed class MujocoModel : IDisposable
{
    // The compiler keeps the last model in a global variable. Locked here, because a fatal error takes the compiling thread away.
    private static readonly Lock Compiling = new();

    private bool _isDisposed;

    private MujocoModel(NativeModel native) => Native = native;

    /// <summary>Positions of the generalised coordinates, nq: a free joint has 7 (its orientation is a quaternion), a ball joint 4, the others 1.</summary>
    public int PositionSize => Native.PositionSize;

    /// <summary>Velocities, nv: a free joint has 6, a ball joint 3, the others 1.</summary>
    public int VelocitySize => Native.VelocitySize;

    /// <summary>Actuators, nu.</summary>
    public int ActionSize => Native.ActionSize;

    /// <summary>Bodies, the world (number 0) included.</summary>
    public int BodyCount => Native.BodyCount;

    /// <summary>Seconds a step of the integrator.</summary>
    public double TimeStep => Native.TimeStep;

    internal NativeModel Native { get; }

    /// <summary>Compiles a model from a file; meshes and textures are looked for beside it.</summary>
    /// <param name="path">An MJCF file (or URDF, which MuJoCo reads too).</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="MujocoException">It is no model that MuJoCo accepts; the message says where and why.</exception>
    /// <exception cref="PlatformNotSupportedException">MuJoCo is not installed or cannot be used.</exception>
    public static MujocoModel FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = Path.GetFullPath(path);
        if (!File.Exists(file)) throw new FileNotFoundException($"There is no MJCF file {file}.", file);
        ModelCheck.CheckFile(file);
        return Compile(library => NativeModel.Compile(library, file));
    }

    /// <summary>Compiles a model from the text of an MJCF file that refers to no other files.</summary>
    /// <param name="mjcf">XML with the root element mujoco.</param>
    /// <exception cref="MujocoException">It is no model that MuJoCo accepts; the message says where and why.</exception>
    /// <exception cref="PlatformNotSupportedException">MuJoCo is not installed or cannot be used.</exception>
    public static MujocoModel FromText(string mjcf)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mjcf);
        ModelCheck.CheckText(mjcf, TemporaryModelFile.Folder);
        return Compile(library => TemporaryModelFile.Compile(library, mjcf));
    }

    /// <summary>The number of a body, for <see cref="MujocoState.BodyPosition"/>.</summary>
    /// <exception cref="ArgumentException">The model has none of that name.</exception>
    public int FindBody(string name) => Find(MujocoObject.Body, name);

    /// <summary>The number of a site, for <see cref="MujocoState.SitePosition"/>.</summary>
    /// <exception cref="ArgumentException">The model has none of that name.</exception>
    public int FindSite(string name) => Find(MujocoObject.Site, name);

    /// <summary>Lets go of the model; environments that use it keep it alive until they are disposed.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        Native.Dispose();
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    private static MujocoModel Compile(Func<MujocoLibrary, NativeModel> compile)
    {
        var library = MujocoRuntime.Library;
        lock (Compiling) return new MujocoModel(GuardedThread.Call(() => compile(library)));
    }

    private int Find(MujocoObject type, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ThrowIfDisposed();
        return Native.Find(type, name) ?? throw new ArgumentException($"The model has no {type.ToString().ToLowerInvariant()} named '{name}'.", nameof(name));
    }
}
