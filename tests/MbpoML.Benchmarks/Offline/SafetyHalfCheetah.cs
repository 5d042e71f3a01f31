using MbpoML.Environments;
using MbpoML.Mujoco;
using MbpoML.Mujoco.Native;

namespace MbpoML.Benchmarks.Offline;

/// <summary>SafetyHalfCheetah of NeoRL-2 (arXiv:2503.19267): HalfCheetah that must not run faster than 3.2096 m/s.</summary>
/// <remarks>
/// Observation: all positions, the distance travelled among them, then the velocities. Reward: speed forward, less 0.1 times the squared action; -100 in its
/// place where the speed is above the limit. No logged step is.
/// </remarks>
internal static class SafetyHalfCheetah
{
    private const double MostSpeed = 3.2096;
    private const double TooFast = -100;

    // Lives as long as the process.
    private static readonly Lazy<MujocoModel> Model = new(() => MujocoModel.FromText(TaskModel.Text("HalfCheetah", MujocoRuntime.Library.AddsMargins)));

    /// <summary>Makes the task; it needs MuJoCo.</summary>
    public static IEnvironment Create() => new CustomMujocoEnvironment(Model.Value, new CustomMujocoEnvironment.Options
    {
        Progress = state => state.Positions[0],
        Reward = Earned,
        Start = (random, positions, velocities) =>
        {
            foreach (ref var position in positions) position += random.NextUniform(-0.1, 0.1);
            foreach (ref var velocity in velocities) velocity += 0.1 * random.NextNormal();
        },
    });

    private static double Earned(MujocoStep step)
    {
        var (speed, cost) = (step.Progress / step.Duration, 0.0);
        foreach (var action in step.Action) cost += 0.1 * action * action;
        return speed > MostSpeed ? TooFast : speed - cost;
    }
}
