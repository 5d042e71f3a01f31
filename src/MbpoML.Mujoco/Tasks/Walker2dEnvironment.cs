using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;

namespace MbpoML.Mujoco.Tasks;

/// <summary>Walker2d: upright while the torso is between 0.8 and 2 m high and leans less than 1 rad.</summary>
internal sealed class Walker2dEnvironment(MujocoTask task, MujocoModel model) : PlanarLeggedEnvironment(task, model)
{
    private const double MinHeight = 0.8, MaxHeight = 2;
    private const double MaxAngle = 1;

    /// <summary>In the observation height is [0] and angle [1].</summary>
    public static ITerminationFunction Fallen { get; } = TerminationFunction.FromTensors((_, _, next) => next.select(1, 0).Above(MinHeight)
        .logical_and(next.select(1, 0).Below(MaxHeight))
        .logical_and(next.select(1, 1).abs().Below(MaxAngle))
        .logical_not());

    protected override bool IsUpright(MujocoState state)
    {
        var (height, angle) = (state.Positions[1], state.Positions[2]);
        return height is > MinHeight and < MaxHeight && Math.Abs(angle) < MaxAngle;
    }
}
