using System.Runtime.InteropServices;
using System.Text;

namespace MbpoML.Mujoco.Native;

/// <summary>A compiled model, mjModel. It is read only, so that any number of simulations on any threads share it; the last one to go frees it.</summary>
internal sealed unsafe class NativeModel : SafeHandle
{
    private const int MessageSize = 1000;
    // Nobody gives more cameras names.
    private const int MostCameras = 1000;

    private NativeModel(MujocoLibrary library, nint model)
        : base(0, ownsHandle: true)
    {
        Library = library;
        SetHandle(model);
        var offsets = library.Offsets;
        (PositionSize, VelocitySize, ActionSize) = (Size(offsets.PositionSize), Size(offsets.VelocitySize), Size(offsets.ActionSize));
        (ActivationSize, BodyCount, SiteCount) = (Size(offsets.ActivationSize), Size(offsets.BodyCount), Size(offsets.SiteCount));
        (MocapCount, KeyframeCount, SensorCount, SensorDataSize) =
            (Size(offsets.MocapCount), Size(offsets.KeyframeCount), Size(offsets.SensorCount), Size(offsets.SensorDataSize));
        TimeStep = *(double*)(model + offsets.TimeStep);
    }

    public MujocoLibrary Library { get; }

    public int PositionSize { get; }

    public int VelocitySize { get; }

    public int ActionSize { get; }

    public int ActivationSize { get; }

    public int BodyCount { get; }

    public int SiteCount { get; }

    /// <summary>Bodies that the simulation leaves where it is told to.</summary>
    public int MocapCount { get; }

    public int KeyframeCount { get; }

    public int SensorCount { get; }

    /// <summary>How many numbers all sensors have together.</summary>
    public int SensorDataSize { get; }

    /// <summary>Seconds a step of the integrator.</summary>
    public double TimeStep { get; }

    public nint Pointer => handle;

    public override bool IsInvalid => handle == 0;

    /// <summary>Masses of the bodies in kilogram, [body]; valid while the model is.</summary>
    public ReadOnlySpan<double> BodyMasses => new(Array(Library.Offsets.BodyMass), BodyCount);

    /// <summary>Lower and upper bound of each control, [action, 2]; both 0 where there is none.</summary>
    public ReadOnlySpan<double> ControlRanges => new(Array(Library.Offsets.ControlRange), 2 * ActionSize);

    /// <summary>How many numbers each sensor has, [sensor].</summary>
    public ReadOnlySpan<int> SensorSizes => new(Array(Library.Offsets.SensorSizes), SensorCount);

    /// <summary>Where the numbers of each sensor begin among those of all, [sensor].</summary>
    public ReadOnlySpan<int> SensorStarts => new(Array(Library.Offsets.SensorStarts), SensorCount);

    public ReadOnlySpan<double> KeyframePositions(int key) => Row(Library.Offsets.KeyframePositions, key, PositionSize);

    public ReadOnlySpan<double> KeyframeVelocities(int key) => Row(Library.Offsets.KeyframeVelocities, key, VelocitySize);

    public ReadOnlySpan<double> KeyframeActivations(int key) => Row(Library.Offsets.KeyframeActivations, key, ActivationSize);

    /// <summary>Empty where the release's keyframes have none.</summary>
    public ReadOnlySpan<double> KeyframeControls(int key) => Library.Offsets.KeyframeControls is { } offset ? Row(offset, key, ActionSize) : [];

    public ReadOnlySpan<double> KeyframeMocapPositions(int key) => Row(Library.Offsets.KeyframeMocapPositions, key, 3 * MocapCount);

    public ReadOnlySpan<double> KeyframeMocapOrientations(int key) => Row(Library.Offsets.KeyframeMocapOrientations, key, 4 * MocapCount);

    /// <summary>Compiles a file, one at a time. To be called on a <see cref="GuardedThread"/>.</summary>
    /// <exception cref="MujocoException">MuJoCo refuses it.</exception>
    public static NativeModel Compile(MujocoLibrary library, string file)
    {
        var message = stackalloc byte[MessageSize];
        message[0] = 0;
        nint model;
        fixed (byte* path = ZeroTerminated(file)) model = library.LoadXml(path, null, message, MessageSize);
        if (model == 0)
            throw new MujocoException($"MuJoCo {library.Offsets.Release} does not accept the model: {Marshal.PtrToStringUTF8((nint)message)?.Trim()}");
        var compiled = new NativeModel(library, model);
        if (compiled.TimeStep is > 0 and < double.PositiveInfinity) return compiled;
        compiled.Dispose();
        throw new MujocoException(Invariant($"The model's time step is {compiled.TimeStep} s, but must be a finite number above 0."));
    }

    /// <summary>Takes over a copy that was made of this model.</summary>
    public NativeModel Copy(nint copy) =>
        copy != 0 ? new NativeModel(Library, copy) : throw new MujocoException("MuJoCo could not copy the model: there is not enough memory.");

    /// <summary>The number of an object by its name, or null where there is none.</summary>
    public int? Find(MujocoObject type, string name)
    {
        fixed (byte* bytes = ZeroTerminated(name))
            return Library.FindId(handle, Library.Offsets.Number(type), bytes) is >= 0 and var id ? id : null;
    }

    /// <summary>The name of an object, empty where it has none.</summary>
    public string NameOf(MujocoObject type, int id) => Marshal.PtrToStringUTF8(Library.FindName(handle, Library.Offsets.Number(type), id)) ?? "";

    /// <summary>How many objects of a kind there are.</summary>
    public int Count(MujocoObject type) => type switch
    {
        MujocoObject.Body => BodyCount,
        MujocoObject.Site => SiteCount,
        MujocoObject.Sensor => SensorCount,
        // Up to the last one that has a name: only these are asked for.
        MujocoObject.Camera => 1 + Enumerable.Range(0, MostCameras).LastOrDefault(camera => NameOf(MujocoObject.Camera, camera).Length > 0, -1),
        _ => KeyframeCount,
    };

    protected override bool ReleaseHandle()
    {
        Library.DeleteModel(handle);
        return true;
    }

    private static byte[] ZeroTerminated(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private void* Array(int offset) => *(void**)(handle + offset);

    private ReadOnlySpan<double> Row(int offset, int index, int size) => new((double*)Array(offset) + ((nint)index * size), size);

    private int Size(int offset) => Library.Offsets.HasLongSizes ? checked((int)*(long*)(handle + offset)) : *(int*)(handle + offset);
}
