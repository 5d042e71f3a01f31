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
}
