using System.Runtime.CompilerServices;
using MbpoML.Mujoco.Native;

namespace MbpoML.Mujoco;

/// <summary>A look at a simulation between two control steps. Valid only during the call that it is given to; nothing is copied.</summary>
/// <remarks>Lengths in metre, angles in radian, times in second, masses in kilogram, unless the model uses others.</remarks>
public readonly ref struct MujocoState
{
    private readonly Simulation _simulation;

    internal MujocoState(Simulation simulation) => _simulation = simulation;

    /// <summary>Generalised positions qpos, [<see cref="MujocoModel.PositionSize"/>].</summary>
    public ReadOnlySpan<double> Positions => _simulation.Positions;

    /// <summary>Generalised velocities qvel, [<see cref="MujocoModel.VelocitySize"/>].</summary>
    public ReadOnlySpan<double> Velocities => _simulation.Velocities;

    /// <summary>States of the actuators that have one, act.</summary>
    public ReadOnlySpan<double> Activations => _simulation.Activations;

    /// <summary>The action of the step, ctrl, as it was given: MuJoCo clamps inside. [<see cref="MujocoModel.ActionSize"/>]</summary>
    public ReadOnlySpan<double> Controls => _simulation.Controls;

    /// <summary>
    /// The forces with which contacts and limits push, by velocity: qfrc_constraint of the last step of the integrator.
    /// [<see cref="MujocoModel.VelocitySize"/>]
    /// </summary>
    public ReadOnlySpan<double> ConstraintForces => _simulation.ConstraintForces;

    /// <summary>Seconds since the episode began.</summary>
    public double Time => _simulation.Time;

    /// <summary>Where a body's frame is in the world, [3].</summary>
    /// <param name="body">The number of a body, from 0; see <see cref="MujocoModel.FindBody"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number.</exception>
    public ReadOnlySpan<double> BodyPosition(int body) => Row(_simulation.BodyPositions, body, 3);

    /// <summary>Where a body's center of mass is in the world, [3].</summary>
    /// <param name="body">The number of a body, from 0; see <see cref="MujocoModel.FindBody"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number.</exception>
    public ReadOnlySpan<double> MassCenter(int body) => Row(_simulation.MassCenters, body, 3);

    /// <summary>Where a site is in the world, [3].</summary>
    /// <param name="site">The number of a site, from 0; see <see cref="MujocoModel.FindSite"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no site of that number.</exception>
    public ReadOnlySpan<double> SitePosition(int site) => Row(_simulation.SitePositions, site, 3);

    /// <summary>How a body's frame is turned in the world, as a quaternion (w, x, y, z): [4].</summary>
    /// <param name="body">The number of a body, from 0; see <see cref="MujocoModel.FindBody"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number.</exception>
    public ReadOnlySpan<double> BodyOrientation(int body) => Row(_simulation.BodyOrientations, body, 4);

    /// <summary>The same as a rotation matrix, row by row: [3, 3]. Its columns are the body's axes in the world.</summary>
    /// <param name="body">The number of a body, from 0; see <see cref="MujocoModel.FindBody"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number.</exception>
    public ReadOnlySpan<double> BodyRotation(int body) => Row(_simulation.BodyRotations, body, 9);

    /// <summary>How fast a body's frame moves, in metre a second: [3].</summary>
    /// <param name="body">The number of a body, from 0; see <see cref="MujocoModel.FindBody"/>.</param>
    /// <param name="frame">The axes; the velocity is that in the world along either.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number, or there is no such frame.</exception>
    public ReadOnlySpan<double> BodyLinearVelocity(int body, MujocoFrame frame = MujocoFrame.World) => Velocity(BodyNumber(body), frame, isSite: false)[3..];

    /// <summary>How fast a body turns, in radian a second around each axis: [3].</summary>
    /// <param name="body">The number of a body, from 0; see <see cref="MujocoModel.FindBody"/>.</param>
    /// <param name="frame">The axes along which the velocity is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number, or there is no such frame.</exception>
    public ReadOnlySpan<double> BodyAngularVelocity(int body, MujocoFrame frame = MujocoFrame.World) => Velocity(BodyNumber(body), frame, isSite: false)[..3];

    /// <summary>How a site is turned in the world, as a quaternion (w, x, y, z): [4].</summary>
    /// <param name="site">The number of a site, from 0; see <see cref="MujocoModel.FindSite"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no site of that number.</exception>
    public ReadOnlySpan<double> SiteOrientation(int site) => _simulation.SiteOrientation(SiteNumber(site));

    /// <summary>The same as a rotation matrix, row by row: [3, 3]. Its columns are the site's axes in the world.</summary>
    /// <param name="site">The number of a site, from 0; see <see cref="MujocoModel.FindSite"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no site of that number.</exception>
    public ReadOnlySpan<double> SiteRotation(int site) => Row(_simulation.SiteRotations, site, 9);

    /// <summary>How fast a site moves, in metre a second: [3].</summary>
    /// <param name="site">The number of a site, from 0; see <see cref="MujocoModel.FindSite"/>.</param>
    /// <param name="frame">The axes; the velocity is that in the world along either.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no site of that number, or there is no such frame.</exception>
    public ReadOnlySpan<double> SiteLinearVelocity(int site, MujocoFrame frame = MujocoFrame.World) => Velocity(SiteNumber(site), frame, isSite: true)[3..];

    /// <summary>How fast a site turns, in radian a second around each axis: [3].</summary>
    /// <param name="site">The number of a site, from 0; see <see cref="MujocoModel.FindSite"/>.</param>
    /// <param name="frame">The axes along which the velocity is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no site of that number, or there is no such frame.</exception>
    public ReadOnlySpan<double> SiteAngularVelocity(int site, MujocoFrame frame = MujocoFrame.World) => Velocity(SiteNumber(site), frame, isSite: true)[..3];

    /// <summary>
    /// What a sensor measures in this state, with the controls of the step that led to it: [<see cref="MujocoSensor.Size"/>]. The first reading after a step
    /// costs about as much as one step of the integrator.
    /// </summary>
    /// <param name="sensor">The number of a sensor, from 0; see <see cref="MujocoModel.FindSensor"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no sensor of that number.</exception>
    /// <exception cref="MujocoException">MuJoCo could not compute it.</exception>
    public ReadOnlySpan<double> Sensor(int sensor) => _simulation.Sensor(Number(sensor, _simulation.Model.SensorCount, nameof(sensor)));

    /// <summary>Torque [0..2] and force [3..5] on a body from contacts, cfrc_ext; computed only where the environment asks for it, else zero.</summary>
    /// <param name="body">The number of a body, from 0; see <see cref="MujocoModel.FindBody"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number.</exception>
    public ReadOnlySpan<double> ContactForce(int body) => Row(_simulation.ContactForces, body, 6);

    private int BodyNumber(int body) => Number(body, _simulation.Model.BodyCount, nameof(body));

    private int SiteNumber(int site) => Number(site, _simulation.Model.SiteCount, nameof(site));

    private ReadOnlySpan<double> Velocity(int number, MujocoFrame frame, bool isSite)
    {
        if (!Enum.IsDefined(frame))
            throw new ArgumentOutOfRangeException(
                nameof(frame), frame, $"There is no frame {frame}: take {nameof(MujocoFrame.World)} or {nameof(MujocoFrame.Local)}.");
        var isLocal = frame == MujocoFrame.Local;
        return isSite ? _simulation.SiteVelocity(number, isLocal) : _simulation.BodyVelocity(number, isLocal);
    }

    private static ReadOnlySpan<double> Row(ReadOnlySpan<double> rows, int index, int size, [CallerArgumentExpression(nameof(index))] string name = "") =>
        rows.Slice(size * Number(index, rows.Length / size, name), size);

    private static int Number(int index, int count, string name)
    {
        if ((uint)index < (uint)count) return index;
        var range = count == 0 ? $"the model has no {name}" : FormattableString.Invariant($"the model has the numbers 0 to {count - 1}");
        throw new ArgumentOutOfRangeException(name, index, FormattableString.Invariant($"There is no {name} {index}: {range}."));
    }
}
