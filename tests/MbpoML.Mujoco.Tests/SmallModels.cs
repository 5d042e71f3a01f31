namespace MbpoML.Mujoco.Tests;

/// <summary>Models of a few lines.</summary>
internal static class SmallModels
{
    /// <summary>A cart of 1 kg on a rail along x, pushed by a motor with twice the force it is told; a site stands 0.5 m above it.</summary>
    public const string Cart = """
        <mujoco>
          <option timestep="0.01" gravity="0 0 -10"/>
          <worldbody>
            <body name="cart" pos="0 0 1">
              <joint name="slide" type="slide" axis="1 0 0"/>
              <geom size="0.1" mass="1"/>
              <site name="mast" pos="0 0 0.5"/>
            </body>
          </worldbody>
          <actuator>
            <motor joint="slide" gear="2" ctrllimited="true" ctrlrange="-3 1"/>
          </actuator>
        </mujoco>
        """;

    /// <summary>A spring much too stiff for the time step.</summary>
    public const string Unstable = """
        <mujoco>
          <option timestep="0.1"/>
          <worldbody>
            <body>
              <joint name="slide" type="slide" axis="1 0 0" stiffness="1e9"/>
              <geom size="0.1" mass="1"/>
            </body>
          </worldbody>
          <actuator>
            <motor joint="slide" ctrllimited="true" ctrlrange="-1 1"/>
          </actuator>
        </mujoco>
        """;

    /// <summary>
    /// An arm on servos whose joints are out of their range at zero, with a motor that has a state of its own and a target that is moved from outside. Its
    /// second keyframe, the only one with a name, is the pose in which the servos hold it.
    /// </summary>
    public const string Arm = """
        <mujoco>
          <compiler angle="radian"/>
          <option timestep="0.005"/>
          <worldbody>
            <body name="upper" pos="0 0 1">
              <joint name="shoulder" axis="0 1 0" limited="true" range="0.6 2.4" damping="0.4"/>
              <geom type="capsule" fromto="0 0 0 0.3 0 0" size="0.03" mass="1"/>
              <body name="lower" pos="0.3 0 0">
                <joint name="elbow" axis="0 1 0" limited="true" range="-2.4 -0.6" damping="0.4"/>
                <geom type="capsule" fromto="0 0 0 0.25 0 0" size="0.025" mass="0.5"/>
                <site name="hand" pos="0.25 0 0"/>
              </body>
            </body>
            <body name="target" mocap="true" pos="3 0 1"><geom size="0.05" contype="0" conaffinity="0"/><site name="goal"/></body>
          </worldbody>
          <actuator>
            <position joint="shoulder" kp="60" ctrllimited="true" ctrlrange="0.6 2.4"/>
            <position joint="elbow" kp="60" ctrllimited="true" ctrlrange="-2.4 -0.6"/>
            <general joint="elbow" dyntype="integrator" ctrllimited="true" ctrlrange="-1 1"/>
          </actuator>
          <keyframe>
            <key qpos="1 -1"/>
            <key name="ready" time="7" qpos="1.5 -1.5" qvel="0.25 -0.125" act="0.5" ctrl="1.5 -1.5 0" mpos="0.5 0.25 1" mquat="0.36 0.48 0.48 0.64"/>
          </keyframe>
        </mujoco>
        """;

    /// <summary>
    /// A body that tumbles through the air and onto the floor, with an arm that turns on it; all that can be measured has a sensor. Integrated by Runge-Kutta.
    /// </summary>
    public const string Tumbler = """
        <mujoco>
          <option timestep="0.005" integrator="RK4"/>
          <worldbody>
            <geom name="floor" type="plane" size="5 5 1"/>
            <body name="base" pos="0 0 0.4" euler="10 20 30">
              <freejoint/>
              <geom type="box" size="0.2 0.15 0.1" pos="0.02 0 0" mass="2"/>
              <body name="arm" pos="0.2 0 0.1">
                <joint name="hinge" axis="0 1 0"/>
                <geom type="capsule" fromto="0 0 0 0.3 0 0.1" size="0.03" mass="0.5"/>
                <site name="tip" pos="0.3 0 0.1" euler="40 50 60"/>
              </body>
            </body>
          </worldbody>
          <actuator><motor name="drive" joint="hinge" gear="2" ctrllimited="true" ctrlrange="-1 1"/></actuator>
          <sensor>
            <gyro name="gyro" site="tip"/>
            <velocimeter name="velocimeter" site="tip"/>
            <accelerometer name="accelerometer" site="tip"/>
            <framequat name="turn of the tip" objtype="site" objname="tip"/>
            <framequat name="turn of the arm" objtype="xbody" objname="arm"/>
            <framepos name="place of the tip" objtype="site" objname="tip"/>
            <framelinvel name="velocity of the tip" objtype="site" objname="tip"/>
            <frameangvel name="turning of the tip" objtype="site" objname="tip"/>
            <framelinvel name="velocity of the arm" objtype="xbody" objname="arm"/>
            <frameangvel name="turning of the arm" objtype="xbody" objname="arm"/>
            <jointpos name="angle" joint="hinge"/>
            <jointvel joint="hinge"/>
            <actuatorfrc name="torque" actuator="drive"/>
          </sensor>
        </mujoco>
        """;
}
