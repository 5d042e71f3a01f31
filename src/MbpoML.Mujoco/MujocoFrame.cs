namespace MbpoML.Mujoco;

/// <summary>The axes along which a velocity is given.</summary>
public enum MujocoFrame
{
    /// <summary>The axes of the world.</summary>
    World,

    /// <summary>The axes of the body or site itself, as a sensor that is mounted on it measures.</summary>
    Local,
}
