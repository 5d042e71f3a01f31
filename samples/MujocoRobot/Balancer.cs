using MbpoML.Mujoco;

namespace MujocoRobot;

/// <summary>
/// A robot on two wheels is to stand where it is, upright and without turning: a model of one's own, seen by its sensors alone. It has fallen where it leans by
/// more than half a radian.
/// </summary>
internal static class Balancer
{
    /// <summary>Control steps of an episode, of 0.02 s: five seconds.</summary>
    public const int Steps = 250;

    private const double MostLean = 0.5;            // of the vertical's part along the robot: the sine of the angle

    /// <summary>The model of the robot, for any number of environments.</summary>
    /// <exception cref="PlatformNotSupportedException">MuJoCo is not installed.</exception>
    public static MujocoModel LoadModel()
    {
        using var file = new StreamReader(typeof(Balancer).Assembly.GetManifestResourceStream("balancer.xml")!);
        return MujocoModel.FromText(file.ReadToEnd());
    }

    /// <summary>The task.</summary>
    /// <param name="model">Must live as long as the environment.</param>
    public static CustomMujocoEnvironment Create(MujocoModel model)
    {
        var (robot, gyro) = (model.FindBody("robot"), model.FindSensor("gyro"));
        var (left, right) = (model.FindSensor("left speed"), model.FindSensor("right speed"));
        return new CustomMujocoEnvironment(model, new CustomMujocoEnvironment.Options
        {
            FrameSkip = 10,
            MaxEpisodeSteps = Steps,
            ObservationSize = 7,
            ObservationNames = ["lean forward", "lean sideways", "roll rate", "pitch rate", "yaw rate", "left wheel", "right wheel"],
            ActionNames = ["left torque", "right torque"],
            Observe = (state, observation) =>
            {
                // Which way is up, seen from the robot: the third row of its rotation.
                state.BodyRotation(robot).Slice(6, 2).CopyTo(observation);
                state.Sensor(gyro).CopyTo(observation[2..]);
                // In ten radians a second, so that all numbers are of one size.
                (observation[5], observation[6]) = (state.Sensor(left)[0] / 10, state.Sensor(right)[0] / 10);
            },
            Reward = step => 1 - Cost(step.Observation, step.Action),
            Termination = observation => Math.Abs(observation[0]) > MostLean,
            // The start leans by some degrees; the model itself stands upright.
            Start = (random, positions, velocities) =>
            {
                var lean = random.NextUniform(-0.1, 0.1);
                (positions[3], positions[5]) = (Math.Cos(lean / 2), Math.Sin(lean / 2));
                velocities[0] = random.NextUniform(-0.1, 0.1);
            },
        });
    }

    // Upright, at rest, without turning, and with little torque.
    private static double Cost(ReadOnlySpan<double> observation, ReadOnlySpan<double> action) =>
        (2 * observation[0] * observation[0]) + (0.2 * ((observation[5] * observation[5]) + (observation[6] * observation[6]))) +
        (0.02 * observation[4] * observation[4]) + (0.5 * ((action[0] * action[0]) + (action[1] * action[1])));
}
