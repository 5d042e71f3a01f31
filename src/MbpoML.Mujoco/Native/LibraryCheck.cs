using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Native;

/// <summary>Compiles a small model whose numbers are known and reads back every field in use, so that no wrong offset is ever believed.</summary>
internal static unsafe class LibraryCheck
{
    private const double TimeStep = 0.004;
    private const double Mass = 2, ArmMass = 3;
    private const double Control = 0.25;
    private const long MaxBuffer = 64 * 1024 * 1024;

    // A ball that rests on the floor and slides up and down, with an arm that a motor with a state of its own turns. Another motor, of the ball, is never used.
    private const string Model = """
        <mujoco>
          <option timestep="0.004" gravity="0 0 -10" integrator="Euler"/>
          <visual><global offwidth="321" offheight="123"/></visual>
          <worldbody>
            <geom type="plane" size="1 1 1"/>
            <body name="ball" pos="0.5 0.25 0.099">
              <joint name="slide" type="slide" axis="0 0 1"/>
              <geom type="sphere" size="0.1" mass="2"/>
              <site name="mark" pos="0 0.125 0" euler="0 0 90"/>
              <body name="arm" pos="0 0 1">
                <joint name="hinge" type="hinge" axis="0 1 0" ref="30"/>
                <geom type="sphere" size="0.05" pos="0.5 0 0" mass="3"/>
              </body>
            </body>
            <body name="target" mocap="true" pos="3 0 1"/>
          </worldbody>
          <actuator>
            <motor joint="slide" ctrllimited="true" ctrlrange="-2 2"/>
            <general joint="hinge" dyntype="integrator" ctrllimited="true" ctrlrange="-0.75 0.5"/>
          </actuator>
          <sensor>
            <framequat objtype="xbody" objname="arm"/>
            <jointpos name="angle" joint="hinge"/>
          </sensor>
          <keyframe>
            <key/>
            <key name="pose" qpos="0.125 0.5" qvel="0.25 -0.5" act="0.75" ctrl="0.375 -1.5" mpos="1 2 3" mquat="0 0 1 0"/>
          </keyframe>
        </mujoco>
        """;

    /// <summary>Gives the library back if every field is as it should be. To be called on a <see cref="GuardedThread"/>.</summary>
    /// <exception cref="MujocoException">One is not; the message names it.</exception>
    public static MujocoLibrary Pass(MujocoLibrary library)
    {
        // Before MuJoCo 2.2.1 keyframes have no controls.
        using var model = TemporaryModelFile.Compile(
            library, library.Offsets.KeyframeControls is null ? Model.Replace("ctrl=\"0.375 -1.5\"", "", StringComparison.Ordinal) : Model);
        CheckModel(model);
        CheckKeyframes(model);
        using var simulation = new Simulation(model, isGuarded: false);
        CheckData(simulation);
        CheckOrientations(simulation);
        CheckWarnings(simulation);
        return library;
    }

    private static void CheckModel(NativeModel model)
    {
        var offsets = model.Library.Offsets;
        Equal("nq", model.PositionSize, 2);
        Equal("nv", model.VelocitySize, 2);
        Equal("nu", model.ActionSize, 2);
        Equal("na", model.ActivationSize, 1);
        Equal("nbody", model.BodyCount, 4);
        Equal("nsite", model.SiteCount, 1);
        Equal("nmocap", model.MocapCount, 1);
        Equal("nsensor", model.SensorCount, 2);
        Equal("nsensordata", model.SensorDataSize, 5);
        Equal("nkey", model.KeyframeCount, 2);
        Equal("opt.timestep", model.TimeStep, TimeStep);
        // A pointer is followed only where it leads to memory that belongs to the model.
        Ascending("body_mass, actuator_ctrlrange", *(long*)(model.Pointer + offsets.BodyMass), *(long*)(model.Pointer + offsets.ControlRange));
        Equal("body_mass", model.BodyMasses[1], Mass);
        Equal("body_mass", model.BodyMasses[2], ArmMass);
        Equal("actuator_ctrlrange", model.ControlRanges[2], -0.75);
        Equal("actuator_ctrlrange", model.ControlRanges[3], 0.5);
        var size = (int*)(model.Pointer + offsets.OffscreenWidth);
        Equal("vis.global.offwidth", size[0], 321);
        Equal("vis.global.offheight", size[1], 123);
        Equal("the number of the body 'arm'", model.Find(MujocoObject.Body, "arm") ?? -1, 2);
        Equal("the number of the site 'mark'", model.Find(MujocoObject.Site, "mark") ?? -1, 0);
        Equal("the number of the sensor 'angle'", model.Find(MujocoObject.Sensor, "angle") ?? -1, 1);
        Equal("the number of the keyframe 'pose'", model.Find(MujocoObject.Keyframe, "pose") ?? -1, 1);
        if (model.NameOf(MujocoObject.Sensor, 1) != "angle") throw new MujocoException("its function mj_id2name does not give the name of a sensor");
        Ascending("sensor_dim, sensor_adr", *(long*)(model.Pointer + offsets.SensorSizes), *(long*)(model.Pointer + offsets.SensorStarts));
        Equal("sensor_dim", model.SensorSizes[0], 4);
        Equal("sensor_dim", model.SensorSizes[1], 1);
        Equal("sensor_adr", model.SensorStarts[0], 0);
        Equal("sensor_adr", model.SensorStarts[1], 4);
    }

    private static void CheckKeyframes(NativeModel model)
    {
        var offsets = model.Library.Offsets;
        Ascending("key_qpos to key_ctrl", [.. new[]
        {
            offsets.KeyframePositions, offsets.KeyframeVelocities, offsets.KeyframeActivations, offsets.KeyframeMocapPositions,
            offsets.KeyframeMocapOrientations,
            offsets.KeyframeControls ?? offsets.KeyframeMocapOrientations,
        }.Select(offset => Marshal.ReadInt64(model.Pointer, offset))]);
        Equal("key_qpos", model.KeyframePositions(0)[1], 30 * Math.PI / 180);
        Equal("key_qpos", model.KeyframePositions(1)[1], 0.5);
        Equal("key_qvel", model.KeyframeVelocities(1)[1], -0.5);
        Equal("key_act", model.KeyframeActivations(1)[0], 0.75);
        Equal("key_mpos", model.KeyframeMocapPositions(0)[0], 3);
        Equal("key_mpos", model.KeyframeMocapPositions(1)[2], 3);
        Equal("key_mquat", model.KeyframeMocapOrientations(1)[2], 1);
        if (offsets.KeyframeControls is not null) Equal("key_ctrl", model.KeyframeControls(1)[1], -1.5);
    }

    private static void CheckData(Simulation simulation)
    {
        var offsets = simulation.Model.Library.Offsets;
        Ascending("qpos to cfrc_ext", [.. new[]
        {
            offsets.Positions, offsets.Velocities, offsets.Activations, offsets.WarmStart, offsets.Controls, offsets.MocapPositions, offsets.MocapOrientations,
            offsets.SensorData,
            offsets.BodyPositions, offsets.BodyOrientations, offsets.BodyRotations, offsets.MassCenters, offsets.SitePositions, offsets.SiteRotations,
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

        simulation.Controls[1] = Control;
        simulation.Velocities[1] = 0.5;
        simulation.Advance(1, withContactForces: true, withKinematics: false);
        Equal("time", simulation.Time, TimeStep);
        Equal("act", simulation.Activations[0], Control * TimeStep);
        Equal("ctrl", simulation.Controls[1], Control);
        Equal("qacc_warmstart", simulation.WarmStart[0] * TimeStep, simulation.Velocities[0]);
        Equal("qacc_warmstart", simulation.WarmStart[1] * TimeStep, simulation.Velocities[1] - 0.5);
        Equal("qpos", simulation.Positions[1] - (simulation.Velocities[1] * TimeStep), 30 * Math.PI / 180);
        // The floor is the only constraint, and what it does to the ball is the only force from outside.
        if (simulation.ConstraintForces[0] <= 0) throw Wrong("qfrc_constraint", simulation.ConstraintForces[0], "a force above 0");
        Equal("cfrc_ext", simulation.ContactForces[6 + 5], simulation.ConstraintForces[0]);
    }

    // Before and after a step: MuJoCo itself would leave sensors and velocities where they were.
    private static void CheckOrientations(Simulation simulation)
    {
        simulation.Reset(keyframe: 1);
        Equal("qpos", simulation.Positions[1], 0.5);
        Equal("act", simulation.Activations[0], 0.75);
        Equal("mocap_pos", simulation.MocapPositions[1], 2);
        Equal("mocap_quat", simulation.MocapOrientations[2], 1);
        simulation.Forward();
        CheckAngle();
        simulation.Advance(1, withContactForces: false, withKinematics: true);
        CheckAngle();

        void CheckAngle()
        {
            var angle = simulation.Positions[1] - (30 * Math.PI / 180);
            Equal("xquat", simulation.BodyOrientations[4 * 2], Math.Cos(angle / 2));
            Equal("xquat", simulation.BodyOrientations[(4 * 2) + 2], Math.Sin(angle / 2));
            Equal("xmat", simulation.BodyRotations[(9 * 2) + 2], Math.Sin(angle));
            Equal("site_xmat", simulation.SiteRotations[1], -1);
            Equal("sensordata", simulation.Sensor(0)[2], Math.Sin(angle / 2));
            Equal("sensordata", simulation.Sensor(1)[0], simulation.Positions[1]);
            Equal("the turning of the body 'arm'", simulation.BodyVelocity(2, isLocal: true)[1], simulation.Velocities[1]);
            Equal("the velocity of the site 'mark'", simulation.SiteVelocity(0, isLocal: true)[5], simulation.Velocities[0]);
        }
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
            if (pointers[index - 1] <= 0 || pointers[index] < pointers[index - 1] || pointers[index] - pointers[index - 1] > MaxBuffer ||
                pointers[index] % sizeof(double) != 0)
                throw new MujocoException($"its field {fields} is no pointer to the array");
    }

    private static void Equal(string field, double value, double expected)
    {
        if (Math.Abs(value - expected) > 1e-9 * (1 + Math.Abs(expected)) || double.IsNaN(value)) throw Wrong(field, value, expected.ToString("r", null));
    }

    private static MujocoException Wrong(string field, double value, string expected) =>
        new(Invariant($"its field {field} reads {value:r} where a model that is known has {expected}"));
}
