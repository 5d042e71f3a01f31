using System.Globalization;

namespace MbpoML.Mujoco.Native;

/// <summary>
/// Where the fields in use stand inside mjModel and mjData, in bytes from their start, in one release of MuJoCo. They move from release to release.
/// </summary>
internal sealed class StructOffsets
{
    private static readonly Lazy<IReadOnlyDictionary<int, StructOffsets>> Releases = new(() => Parse(EmbeddedText.Read("StructOffsets.tsv")));

    private readonly Dictionary<string, int> _offsets;

    private StructOffsets(string release, Dictionary<string, int> offsets)
    {
        (Release, _offsets) = (release, offsets);
        HasLongSizes = offsets["sizeof(nq)"] == sizeof(long);
    }

    /// <summary>Such as "2.2.2".</summary>
    public string Release { get; }

    /// <summary>Whether the sizes in mjModel have 8 bytes rather than 4.</summary>
    public bool HasLongSizes { get; }

    public int PositionSize => _offsets["m.nq"];

    public int VelocitySize => _offsets["m.nv"];

    public int ActionSize => _offsets["m.nu"];

    public int ActivationSize => _offsets["m.na"];

    public int BodyCount => _offsets["m.nbody"];

    public int SiteCount => _offsets["m.nsite"];

    public int MocapCount => _offsets["m.nmocap"];

    public int SensorCount => _offsets["m.nsensor"];

    public int KeyframeCount => _offsets["m.nkey"];

    /// <summary>How many numbers all sensors have together.</summary>
    public int SensorDataSize => _offsets["m.nsensordata"];

    public int TimeStep => _offsets["m.opt.timestep"];

    public int BodyMass => _offsets["m.body_mass"];

    public int ControlRange => _offsets["m.actuator_ctrlrange"];

    public int SensorSizes => _offsets["m.sensor_dim"];

    /// <summary>Where the numbers of each sensor begin among those of all.</summary>
    public int SensorStarts => _offsets["m.sensor_adr"];

    public int KeyframePositions => _offsets["m.key_qpos"];

    public int KeyframeVelocities => _offsets["m.key_qvel"];

    public int KeyframeActivations => _offsets["m.key_act"];

    public int KeyframeMocapPositions => _offsets["m.key_mpos"];

    public int KeyframeMocapOrientations => _offsets["m.key_mquat"];

    /// <summary>Null before MuJoCo 2.2.1, whose keyframes have no controls.</summary>
    public int? KeyframeControls => _offsets["m.key_ctrl"] is >= 0 and var offset ? offset : null;

    /// <summary>The width of the off-screen buffer; its height follows.</summary>
    public int OffscreenWidth => _offsets["m.vis.global.offwidth"];

    public int Time => _offsets["d.time"];

    public int Warnings => _offsets["d.warning"];

    public int Positions => _offsets["d.qpos"];

    public int Velocities => _offsets["d.qvel"];

    public int Activations => _offsets["d.act"];

    public int WarmStart => _offsets["d.qacc_warmstart"];

    public int Controls => _offsets["d.ctrl"];

    public int MocapPositions => _offsets["d.mocap_pos"];

    public int MocapOrientations => _offsets["d.mocap_quat"];

    public int SensorData => _offsets["d.sensordata"];

    public int BodyPositions => _offsets["d.xpos"];

    public int BodyOrientations => _offsets["d.xquat"];

    public int BodyRotations => _offsets["d.xmat"];

    public int MassCenters => _offsets["d.xipos"];

    public int SitePositions => _offsets["d.site_xpos"];

    public int SiteRotations => _offsets["d.site_xmat"];

    public int ConstraintForces => _offsets["d.qfrc_constraint"];

    public int ContactForces => _offsets["d.cfrc_ext"];

    /// <summary>The releases there are offsets for, oldest first.</summary>
    public static IEnumerable<string> KnownReleases => Releases.Value.OrderBy(release => release.Key).Select(release => release.Value.Release);

    /// <summary>The offsets of a version as mj_version gives it, or null where it is not in the table.</summary>
    public static StructOffsets? Find(int version) => Releases.Value.GetValueOrDefault(version);

    /// <summary>The number of a kind of objects, mjtObj.</summary>
    public int Number(MujocoObject kind) => kind switch
    {
        MujocoObject.Body => 1,
        MujocoObject.Site => 6,
        MujocoObject.Camera => 7,
        MujocoObject.Sensor => _offsets["mjOBJ_SENSOR"],
        MujocoObject.Keyframe => _offsets["mjOBJ_KEY"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Reads the table, whatever its lines end with: a checkout may have changed that.</summary>
    /// <returns>The offsets by the number that mj_version gives.</returns>
    internal static Dictionary<int, StructOffsets> Parse(string table)
    {
        var lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var names = lines[0].Split('\t');
        return lines.Skip(1).Select(line => line.Split('\t')).ToDictionary(
            cells => int.Parse(cells[0], CultureInfo.InvariantCulture),
            cells => new StructOffsets(cells[1],
                Enumerable.Range(2, names.Length - 2).ToDictionary(column => names[column], column => int.Parse(cells[column], CultureInfo.InvariantCulture))));
    }
}
