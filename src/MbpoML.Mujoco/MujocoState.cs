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

    /// <summary>The forces with which contacts and limits push, by velocity: qfrc_constraint of the last step of the integrator. [<see cref="MujocoModel.VelocitySize"/>]</summary>
    public ReadOnlySpan<double> ConstraintForces => _simulation.ConstraintForces;

    /// <summary>Seconds since the episode began.</summary>
    public double Time => _simulation.Time;

    /// <summary>Where a body's frame is in the world, [3].</summary>
    /// <param name="body">See <see cref="MujocoModel.FindBody"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number.</exception>
    public ReadOnlySpan<double> BodyPosition(int body) => Row(_simulation.BodyPositions, body, 3);

    /// <summary>Where a body's center of mass is in the world, [3].</summary>
    /// <param name="body">See <see cref="MujocoModel.FindBody"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number.</exception>
    public ReadOnlySpan<double> MassCenter(int body) => Row(_simulation.MassCenters, body, 3);

    /// <summary>Where a site is in the world, [3].</summary>
    /// <param name="site">See <see cref="MujocoModel.FindSite"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no site of that number.</exception>
    public ReadOnlySpan<double> SitePosition(int site) => Row(_simulation.SitePositions, site, 3);

    /// <summary>Torque [0..2] and force [3..5] on a body from contacts, cfrc_ext; computed only where the environment asks for it, else zero.</summary>
    /// <param name="body">See <see cref="MujocoModel.FindBody"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no body of that number.</exception>
    public ReadOnlySpan<double> ContactForce(int body) => Row(_simulation.ContactForces, body, 6);

    private static ReadOnlySpan<double> Row(ReadOnlySpan<double> rows, int index, int size, [CallerArgumentExpression(nameof(index))] string name = "")
    {
        var count = rows.Length / size;
        if ((uint)index < (uint)count) return rows.Slice(size * index, size);
        var range = count == 0 ? $"the model has no {name}" : $"the model has the numbers 0 to {count - 1}";
        throw new ArgumentOutOfRangeException(name, index, $"There is no {name} {index}: {range}.");
    }
}
