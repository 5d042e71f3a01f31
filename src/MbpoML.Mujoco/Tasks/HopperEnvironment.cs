using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;

namespace MbpoML.Mujoco.Tasks;

/// <summary>Hopper: upright while the torso is above 0.7 m, leans less than 0.2 rad, and nothing else reaches 100.</summary>
internal sealed class HopperEnvironment(MujocoTask task, MujocoModel model) : PlanarLeggedEnvironment(task, model)
{
    private const double MinHeight = 0.7;
    private const double MaxAngle = 0.2;
    private const double MaxValue = 100;

    /// <summary>
    /// In the observation height is [0] and angle [1]; [1..] must stay within ±100. The official function takes the absolute value of the comparison instead
    /// of the number, and so never sees -100; here it does.
    /// </summary>
    public static ITerminationFunction Fallen { get; } = TerminationFunction.FromTensors((_, _, next) => AllFinite(next)
        .logical_and(next.narrow(1, 1, next.shape[1] - 1).abs().Below(MaxValue).all(1))
        .logical_and(next.select(1, 0).Above(MinHeight))
        .logical_and(next.select(1, 1).abs().Below(MaxAngle))
        .logical_not());

    protected override bool IsUpright(MujocoState state)
    {
        var positions = state.Positions;
        return AreModerate(positions[2..]) && AreModerate(state.Velocities) && positions[1] > MinHeight && Math.Abs(positions[2]) < MaxAngle;
    }

    private static bool AreModerate(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            if (!(Math.Abs(value) < MaxValue)) return false;
        return true;
    }
}
