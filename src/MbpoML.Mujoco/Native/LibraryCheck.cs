using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Native;

/// <summary>Compiles a small model whose numbers are known and reads back every field in use, so that no wrong offset is ever believed.</summary>
internal static unsafe class LibraryCheck
{
    private const double TimeStep = 0.004;
    private const double Mass = 2, ArmMass = 3;
    private const double Control = 0.25;
    private const long MaxBuffer = 64 * 1024 * 1024;

    // A ball that rests on the floor and slides up and down, with an arm that a motor with a state of its own turns.
    private const string Model = """
        <mujoco>
          <option timestep="0.004" gravity="0 0 -10" integrator="Euler"/>
          <visual><global offwidth="321" offheight="123"/></visual>
          <worldbody>
            <geom type="plane" size="1 1 1"/>
            <body name="ball" pos="0.5 0.25 0.099">
              <joint type="slide" axis="0 0 1"/>
              <geom type="sphere" size="0.1" mass="2"/>
              <site name="mark" pos="0 0.125 0"/>
              <body name="arm" pos="0 0 1">
                <joint name="hinge" type="hinge" axis="0 1 0" ref="30"/>
                <geom type="sphere" size="0.05" pos="0.5 0 0" mass="3"/>
              </body>
            </body>
          </worldbody>
          <actuator>
            <general joint="hinge" dyntype="integrator" ctrllimited="true" ctrlrange="-0.75 0.5"/>
          </actuator>
        </mujoco>
        """;

    /// <summary>Gives the library back if every field is as it should be. To be called on a <see cref="GuardedThread"/>.</summary>
    /// <exception cref="MujocoException">One is not; the message names it.</exception>
    public static MujocoLibrary Pass(MujocoLibrary library)
    {
        using var model = TemporaryModelFile.Compile(library, Model);
        CheckModel(model);
        using var simulation = new Simulation(model, isGuarded: false);
        CheckData(simulation);
        CheckWarnings(simulation);
        return library;
    }

    private static void CheckModel(NativeModel model)
    {
        var offsets = model.Library.Offsets;
        Equal("nq", model.PositionSize, 2);
        Equal("nv", model.VelocitySize, 2);
        Equal("nu", model.ActionSize, 1);
        Equal("na", model.ActivationSize, 1);
        Equal("nbody", model.BodyCount, 3);
        Equal("nsite", model.SiteCount, 1);
        Equal("opt.timestep", model.TimeStep, TimeStep);
        // A pointer is followed only where it leads to memory that belongs to the model.
        Ascending("body_mass, actuator_ctrlrange", *(long*)(model.Pointer + offsets.BodyMass), *(long*)(model.Pointer + offsets.ControlRange));
        Equal("body_mass", model.BodyMasses[1], Mass);
        Equal("body_mass", model.BodyMasses[2], ArmMass);
        Equal("actuator_ctrlrange", model.ControlRanges[0], -0.75);
        Equal("actuator_ctrlrange", model.ControlRanges[1], 0.5);
        var size = (int*)(model.Pointer + offsets.OffscreenWidth);
        Equal("vis.global.offwidth", size[0], 321);
        Equal("vis.global.offheight", size[1], 123);
        Equal("the number of the body 'arm'", model.Find(MujocoObject.Body, "arm") ?? -1, 2);
        Equal("the number of the site 'mark'", model.Find(MujocoObject.Site, "mark") ?? -1, 0);
    }

    private static void CheckData(Simulation simulation)
    {
        var offsets = simulation.Model.Library.Offsets;
        Ascending("qpos to cfrc_ext", [.. new[]
        {
            offsets.Positions, offsets.Velocities, offsets.Activations, offsets.WarmStart, offsets.Controls, offsets.BodyPositions, offsets.MassCenters, offsets.SitePositions,
            offsets.ConstraintForces, offsets.ContactForces,
        }.Select(offset => Marshal.ReadInt64(simulation.Pointer, offset))]);
        simulation.Reset();
        simulation.Forward();
        Equal("time", simulation.Time, 0);
        Equal("qpos", simulation.Positions[1], 30 * Math.PI / 180);
        Equal("xpos", simulation.BodyPositions[3 * 2], 0.5);
        Equal("xpos", simulation.BodyPositions[(3 * 2) + 2], 1.099);
        Equal("xipos", simulation.MassCenters[3 * 2], 1);
        Equal("site_xpos", simulation.SitePositions[1], 0.375);

        simulation.Controls[0] = Control;
        simulation.Velocities[1] = 0.5;
        simulation.Advance(1, withContactForces: true, withKinematics: false);
        Equal("time", simulation.Time, TimeStep);
        Equal("act", simulation.Activations[0], Control * TimeStep);
        Equal("ctrl", simulation.Controls[0], Control);
        Equal("qacc_warmstart", simulation.WarmStart[0] * TimeStep, simulation.Velocities[0]);
        Equal("qacc_warmstart", simulation.WarmStart[1] * TimeStep, simulation.Velocities[1] - 0.5);
        Equal("qpos", simulation.Positions[1] - (simulation.Velocities[1] * TimeStep), 30 * Math.PI / 180);
        // The floor is the only constraint, and what it does to the ball is the only force from outside.
        if (simulation.ConstraintForces[0] <= 0) throw Wrong("qfrc_constraint", simulation.ConstraintForces[0], "a force above 0");
        Equal("cfrc_ext", simulation.ContactForces[6 + 5], simulation.ConstraintForces[0]);
    }

    private static void CheckWarnings(Simulation simulation)
    {
        foreach (var (warning, values) in new[] { (SimulationWarning.BadControl, 0), (SimulationWarning.BadPosition, 1), (SimulationWarning.BadVelocity, 2) })
        {
            simulation.Reset();
            (values switch { 0 => simulation.Controls, 1 => simulation.Positions, _ => simulation.Velocities })[0] = double.NaN;
            try
            {
                simulation.Advance(1, withContactForces: false, withKinematics: false);
            }
            catch (MujocoException) when (simulation.Count(warning) == 1)
            {
                continue;
            }

            throw Wrong($"warning {warning}", simulation.Count(warning), "1");
        }
    }

    // The arrays of a structure stand in one buffer, in the order of their pointers.
    private static void Ascending(string fields, params long[] pointers)
    {
        for (var index = 1; index < pointers.Length; index++)
            if (pointers[index - 1] <= 0 || pointers[index] < pointers[index - 1] || pointers[index] - pointers[index - 1] > MaxBuffer || pointers[index] % sizeof(double) != 0)
                throw new MujocoException($"its field {fields} is no pointer to the array");
    }

    private static void Equal(string field, double value, double expected)
    {
        if (Math.Abs(value - expected) > 1e-9 * (1 + Math.Abs(expected)) || double.IsNaN(value)) throw Wrong(field, value, expected.ToString("r", null));
    }

    private static MujocoException Wrong(string field, double value, string expected) => new($"its field {field} reads {value:r} where a model that is known has {expected}");
}
