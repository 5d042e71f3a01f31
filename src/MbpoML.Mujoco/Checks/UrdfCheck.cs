namespace MbpoML.Mujoco.Checks;

/// <summary>What MuJoCo takes at its word in models in URDF, the other format that it reads.</summary>
internal static class UrdfCheck
{
    private static readonly string[] JointTypes = ["revolute", "continuous", "prismatic", "fixed", "floating", "planar"];

    public static bool IsRoot(MjcfElement root) => root.Name.Equals("robot", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="MujocoException">A joint is of a type that MuJoCo does not know.</exception>
    public static void Check(MjcfElement root)
    {
        foreach (var joint in root.Children.Where(child => child.Is("joint")))
            if (joint["type"] is { } type && !JointTypes.Contains(type))
                throw joint.Wrong($"has {joint.Written("type")}, but must have one of {string.Join(", ", JointTypes)}.");
    }
}
