using System.Globalization;
using MbpoML.Mujoco.Checks;
using MbpoML.Mujoco.Native;
using MbpoML.Numerics;

namespace MbpoML.Mujoco;

/// <summary>A compiled MJCF model. It never changes, so any number of environments on any threads may share it.</summary>
public sealed class MujocoModel : IDisposable
{
    // The compiler keeps the last model in a global variable. Locked here, because a fatal error takes the compiling thread away.
    private static readonly Lock Compiling = new();

    private readonly Lazy<IReadOnlyList<MujocoKeyframe>> _keyframes;
    private bool _isDisposed;

    private MujocoModel(NativeModel native)
    {
        Native = native;
        Sensors = [.. Enumerable.Range(0, native.SensorCount)
            .Select(number => new MujocoSensor(number, native.NameOf(MujocoObject.Sensor, number), native.SensorSizes[number]))];
        _keyframes = new(() => [.. Enumerable.Range(0, native.KeyframeCount).Select(number => new MujocoKeyframe(native, number))]);
    }

    /// <summary>Positions of the generalised coordinates, nq: a free joint has 7 (its orientation is a quaternion), a ball joint 4, the others 1.</summary>
    public int PositionSize => Native.PositionSize;

    /// <summary>Velocities, nv: a free joint has 6, a ball joint 3, the others 1.</summary>
    public int VelocitySize => Native.VelocitySize;

    /// <summary>The number of actuators, nu in MuJoCo.</summary>
    public int ActionSize => Native.ActionSize;

    /// <summary>Bodies, the world (number 0) included.</summary>
    public int BodyCount => Native.BodyCount;

    /// <summary>Seconds a step of the integrator.</summary>
    public double TimeStep => Native.TimeStep;

    /// <summary>What the model measures (<c>&lt;sensor&gt;</c>), in the order of the file.</summary>
    public IReadOnlyList<MujocoSensor> Sensors { get; }

    /// <summary>The poses that the file names (<c>&lt;key&gt;</c>), in its order.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<MujocoKeyframe> Keyframes
    {
        get
        {
            ThrowIfDisposed();
            return _keyframes.Value;
        }
    }

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

    /// <summary>The number of a body, for <see cref="MujocoState.BodyPosition"/> and what else a state tells of bodies.</summary>
    /// <param name="name">The name of a body in the MJCF file.</param>
    /// <exception cref="ArgumentException">The model has none of that name; the message has the nearest names.</exception>
    public int FindBody(string name) => Find(MujocoObject.Body, name);

    /// <summary>The number of a site, for <see cref="MujocoState.SitePosition"/> and what else a state tells of sites.</summary>
    /// <param name="name">The name of a site in the MJCF file.</param>
    /// <exception cref="ArgumentException">The model has none of that name; the message has the nearest names.</exception>
    public int FindSite(string name) => Find(MujocoObject.Site, name);

    /// <summary>The number of a sensor, for <see cref="MujocoState.Sensor"/>. <see cref="Sensors"/> also has those without a name.</summary>
    /// <param name="name">The name of a sensor in the MJCF file.</param>
    /// <exception cref="ArgumentException">The model has none of that name; the message has the nearest names.</exception>
    public int FindSensor(string name) => Find(MujocoObject.Sensor, name);

    /// <summary>The number of a camera by its name.</summary>
    internal int FindCamera(string name) => Find(MujocoObject.Camera, name);

    /// <summary>Finds a keyframe by its name.</summary>
    /// <param name="name">The name of a <c>&lt;key&gt;</c>; or its place in the file, "0" for the first, where none has this name.</param>
    /// <exception cref="ArgumentException">The model has no such keyframe; the message has the nearest names.</exception>
    public MujocoKeyframe FindKeyframe(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Keyframes[KeyframeNumber(name, nameof(name))];
    }

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

    /// <summary>See <see cref="FindKeyframe"/>.</summary>
    /// <param name="name">Name or number.</param>
    /// <param name="parameter">Who gave it.</param>
    internal int KeyframeNumber(string name, string parameter)
    {
        ThrowIfDisposed();
        if (Native.Find(MujocoObject.Keyframe, name) is { } found) return found;
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Native.KeyframeCount
            ? number : throw Missing(MujocoObject.Keyframe, name, parameter);
    }

    private int Find(MujocoObject type, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ThrowIfDisposed();
        return Native.Find(type, name) ?? throw Missing(type, name, nameof(name));
    }

    private ArgumentException Missing(MujocoObject type, string name, string parameter)
    {
        var (what, count) = (type.ToString().ToLowerInvariant(), Native.Count(type));
        string[] names = [.. Enumerable.Range(0, count).Select(number => Native.NameOf(type, number)).Where(other => other.Length > 0)];
        var numbers = type == MujocoObject.Keyframe && count > 0 ? FormattableString.Invariant($" Their numbers are 0 to {count - 1}.") : "";
        var hint = (count, names.Length) switch
        {
            (0, _) => "It has none at all.",
            (_, 0) => FormattableString.Invariant($"It has {count}, all without a name.{numbers}"),
            _ => $"The nearest: {string.Join(", ", NearestNames.To(name, names))}.{numbers}",
        };
        return new ArgumentException($"The model has no {what} named '{name}'. {hint}", parameter);
    }
}
