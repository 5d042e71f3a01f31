using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Native;

/// <summary>The functions of a MuJoCo library that was loaded, recognised and checked.</summary>
internal sealed unsafe class MujocoLibrary
{
    private const int FirstWithAddedMargins = 3_005_000;
    private const int FirstWithoutVisualWarning = 3_007_000;

    private readonly bool _hasVisualWarning;

    public readonly delegate* unmanaged<byte*, void*, byte*, int, nint> LoadXml;
    public readonly delegate* unmanaged<nint, nint> MakeData;
    public readonly delegate* unmanaged<nint, void> DeleteModel, DeleteData;
    public readonly delegate* unmanaged<nint, nint, void> ResetData, Forward, Step, PostConstraint, Kinematics, MassCenters, Velocities;
    public readonly delegate* unmanaged<nint, nint, int, void> ResetToKeyframe;
    public readonly delegate* unmanaged<nint, int, byte*, int> FindId;
    public readonly delegate* unmanaged<nint, int, int, nint> FindName;
    public readonly delegate* unmanaged<nint, nint, int, int, double*, int, void> ObjectVelocity;
    public readonly delegate* unmanaged<double*, double*, void> RotationToQuaternion;

    private MujocoLibrary(nint handle, StructOffsets offsets, int version, string path)
    {
        (Handle, Offsets, Path) = (handle, offsets, path);
        AddsMargins = version >= FirstWithAddedMargins;
        _hasVisualWarning = version < FirstWithoutVisualWarning;
        LoadXml = (delegate* unmanaged<byte*, void*, byte*, int, nint>)Export("mj_loadXML");
        MakeData = (delegate* unmanaged<nint, nint>)Export("mj_makeData");
        DeleteModel = (delegate* unmanaged<nint, void>)Export("mj_deleteModel");
        DeleteData = (delegate* unmanaged<nint, void>)Export("mj_deleteData");
        ResetData = (delegate* unmanaged<nint, nint, void>)Export("mj_resetData");
        Forward = (delegate* unmanaged<nint, nint, void>)Export("mj_forward");
        Step = (delegate* unmanaged<nint, nint, void>)Export("mj_step");
        PostConstraint = (delegate* unmanaged<nint, nint, void>)Export("mj_rnePostConstraint");
        Kinematics = (delegate* unmanaged<nint, nint, void>)Export("mj_kinematics");
        MassCenters = (delegate* unmanaged<nint, nint, void>)Export("mj_comPos");
        Velocities = (delegate* unmanaged<nint, nint, void>)Export("mj_comVel");
        ResetToKeyframe = (delegate* unmanaged<nint, nint, int, void>)Export("mj_resetDataKeyframe");
        FindName = (delegate* unmanaged<nint, int, int, nint>)Export("mj_id2name");
        ObjectVelocity = (delegate* unmanaged<nint, nint, int, int, double*, int, void>)Export("mj_objectVelocity");
        RotationToQuaternion = (delegate* unmanaged<double*, double*, void>)Export("mju_mat2Quat");
        FindId = (delegate* unmanaged<nint, int, byte*, int>)Export("mj_name2id");
    }

    public nint Handle { get; }

    public StructOffsets Offsets { get; }

    /// <summary>The path or name by which it was found.</summary>
    public string Path { get; }

    /// <summary>Whether the contact margin of a pair of geoms is the sum of theirs; before it was the larger one.</summary>
    public bool AddsMargins { get; }

    /// <summary>
    /// The place of a warning among those of this release: older ones have "too many visual geometries" in the middle, which no simulation raises.
    /// </summary>
    public int Index(SimulationWarning warning) => (int)warning + (_hasVisualWarning && warning >= SimulationWarning.BadPosition ? 1 : 0);

    /// <summary>Recognises and checks a library that the system has loaded.</summary>
    /// <exception cref="PlatformNotSupportedException">It is no MuJoCo, of an unknown version, or its structures are not where they should be.</exception>
    public static MujocoLibrary Open(nint handle, string path)
    {
        if (sizeof(nint) != sizeof(long)) throw new PlatformNotSupportedException("MuJoCo needs a 64-bit process.");
        if (!NativeLibrary.TryGetExport(handle, "mj_version", out var function))
            throw new PlatformNotSupportedException($"{path} is no MuJoCo library: it has no function mj_version.");
        return Checked(handle, ((delegate* unmanaged<int>)function)(), path);
    }

    /// <summary>The offsets of a version.</summary>
    /// <exception cref="PlatformNotSupportedException">It is not known.</exception>
    public static StructOffsets OffsetsOf(int version, string path) => StructOffsets.Find(version) ?? throw new PlatformNotSupportedException(
        Invariant($"{path} is MuJoCo with the version number {version}, whose structures are not known. Known are {StructOffsets.KnownReleases.First()} to ") +
        Invariant($"{StructOffsets.KnownReleases.Last()}: ") +
        "install one of these, such as 'apt-get install libmujoco2.2.2' on Debian 12 and 13 and Ubuntu 24.04.");

    /// <summary>A library read as a version, if it passes as one.</summary>
    /// <exception cref="PlatformNotSupportedException">The version is not known, or the structures are not where it has them.</exception>
    public static MujocoLibrary Checked(nint handle, int version, string path)
    {
        var offsets = OffsetsOf(version, path);
        try
        {
            NativeErrors.Redirect(handle);
            var library = new MujocoLibrary(handle, offsets, version, path);
            return GuardedThread.Call(() => LibraryCheck.Pass(library));
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or MujocoException)
        {
            throw new PlatformNotSupportedException(
                $"{path} says that it is MuJoCo {offsets.Release}, but does not work as such: {exception.Message}", exception);
        }
    }

    private nint Export(string name) => NativeLibrary.GetExport(Handle, name);
}
