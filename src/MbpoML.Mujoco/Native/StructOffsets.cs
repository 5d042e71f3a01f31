using System.Globalization;

namespace MbpoML.Mujoco.Native;

/// <summary>Where the fields in use stand inside mjModel and mjData, in bytes from their start, in one release of MuJoCo. They move from release to release.</summary>
internal sealed class StructOffsets
{
    private static readonly Lazy<IReadOnlyDictionary<int, StructOffsets>> Releases = new(ReadTable);

    private readonly Dictionary<string, int> _offsets;

    private StructOffsets(string release, Dictionary<string, int> offsets)
    {
        (Release, _offsets) = (release, offsets);
        HasLongSizes = offsets["sizeof(nq)"] == sizeof(long);
        // The sizes nq, nv, nu, na and the pointers qpos, qvel, act, qacc_warmstart follow each other in every release.
        (ActivationSize, Activations) = (ActionSize + (HasLongSizes ? sizeof(long) : sizeof(int)), Velocities + sizeof(long));
    }

    /// <summary>Such as "2.2.2".</summary>
    public string Release { get; }

    /// <summary>Whether the sizes in mjModel have 8 bytes rather than 4.</summary>
    public bool HasLongSizes { get; }

    public int PositionSize => _offsets["m.nq"];

    public int VelocitySize => _offsets["m.nv"];

    public int ActionSize => _offsets["m.nu"];

    public int ActivationSize { get; }

    public int BodyCount => _offsets["m.nbody"];

    public int SiteCount => _offsets["m.nsite"];

    public int TimeStep => _offsets["m.opt.timestep"];

    public int BodyMass => _offsets["m.body_mass"];

    public int ControlRange => _offsets["m.actuator_ctrlrange"];

    /// <summary>The width of the off-screen buffer; its height follows.</summary>
    public int OffscreenWidth => _offsets["m.vis.global.offwidth"];

    public int Time => _offsets["d.time"];

    public int Warnings => _offsets["d.warning"];

    public int Positions => _offsets["d.qpos"];

    public int Velocities => _offsets["d.qvel"];

    public int Activations { get; }

    public int WarmStart => _offsets["d.qacc_warmstart"];

    public int Controls => _offsets["d.ctrl"];

    public int BodyPositions => _offsets["d.xpos"];

    public int MassCenters => _offsets["d.xipos"];

    public int SitePositions => _offsets["d.site_xpos"];

    public int ConstraintForces => _offsets["d.qfrc_constraint"];

    public int ContactForces => _offsets["d.cfrc_ext"];

    /// <summary>The releases there are offsets for, oldest first.</summary>
    public static IEnumerable<string> KnownReleases => Releases.Value.OrderBy(release => release.Key).Select(release => release.Value.Release);

    /// <summary>The offsets of a version as mj_version gives it, or null where it is not in the table.</summary>
    public static StructOffsets? Find(int version) => Releases.Value.GetValueOrDefault(version);

    private static Dictionary<int, StructOffsets> ReadTable()
    {
        var lines = EmbeddedText.Read("StructOffsets.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = lines[0].Split('\t');
        return lines.Skip(1).Select(line => line.Split('\t')).ToDictionary(
            cells => int.Parse(cells[0], CultureInfo.InvariantCulture),
            cells => new StructOffsets(cells[1], Enumerable.Range(2, names.Length - 2).ToDictionary(column => names[column], column => int.Parse(cells[column], CultureInfo.InvariantCulture))));
    }
}
