namespace MbpoML.Mujoco.Tasks;

/// <summary>What the dimensions of the tasks are called.</summary>
internal static class TaskNames
{
    private static readonly string[] Leg = ["thigh", "leg", "foot"];
    private static readonly string[] BothLegs = [.. Leg, "left thigh", "left leg", "left foot"];
    private static readonly string[] Cheetah = ["back thigh", "back shin", "back foot", "front thigh", "front shin", "front foot"];
    private static readonly string[] AntJoints = ["hip 1", "ankle 1", "hip 2", "ankle 2", "hip 3", "ankle 3", "hip 4", "ankle 4"];
    private static readonly string[] Limbs =
    [
        "right hip x", "right hip z", "right hip y", "right knee", "left hip x", "left hip z", "left hip y", "left knee",
        "right shoulder 1", "right shoulder 2", "right elbow", "left shoulder 1", "left shoulder 2", "left elbow",
    ];

    /// <summary>Names of a task's observations and actions.</summary>
    public static (string[] Observations, string[] Actions) Of(string task) => task switch
    {
        "InvertedPendulum" => (["position", "angle", "velocity", "angular velocity"], ["force"]),
        "MbrlCartPole" => (["position", "sine", "cosine", "velocity", "angular velocity"], ["force"]),
        "DmcCartPoleSwingUp" => (["position", "cosine", "sine", "velocity", "angular velocity"], ["force"]),
        "InvertedDoublePendulum" =>
        (
            [
                "position", "lower sine", "upper sine", "lower cosine", "upper cosine", "velocity", "lower angular velocity", "upper angular velocity",
                "rail force", "lower joint force", "upper joint force",
            ],
            ["force"]),
        "Hopper" => (Planar(Leg), Leg),
        "Walker2d" => (Planar(BothLegs), BothLegs),
        "HalfCheetah" or "MbblHalfCheetah" => (Planar(Cheetah), Cheetah),
        "MbrlHalfCheetah" => (["speed of the last step", .. Planar(Cheetah)], Cheetah),
        "MbrlSwimmer" =>
        (
            [
                "angle", "first joint", "second joint", "velocity x", "velocity y", "angular velocity", "first joint velocity", "second joint velocity",
                "tip speed of the last step",
            ],
            ["first joint", "second joint"]),
        // The motors stand in another order than the joints.
        "Ant" => (Free(AntJoints), [.. AntJoints[6..], .. AntJoints[..6]]),
        "Humanoid" => (Free(["abdomen z", "abdomen y", "abdomen x", .. Limbs]), ["abdomen y", "abdomen z", "abdomen x", .. Limbs]),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "There are no names for this task."),
    };

    // A body in a plane: height and angle, then its joints, then the velocities of all.
    private static string[] Planar(string[] joints) =>
        ["height", "angle", .. joints, "forward velocity", "vertical velocity", "angular velocity", .. joints.Select(Velocity)];

    // A free body: height and orientation, then its joints, then the velocities of all.
    private static string[] Free(string[] joints) =>
    [
        "height", "orientation w", "orientation x", "orientation y", "orientation z", .. joints,
        "velocity x", "velocity y", "velocity z", "angular velocity x", "angular velocity y", "angular velocity z", .. joints.Select(Velocity),
    ];

    private static string Velocity(string joint) => $"{joint} velocity";
}
