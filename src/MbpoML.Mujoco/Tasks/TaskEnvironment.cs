using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Mujoco.Tasks;

/// <summary>What the tasks share.</summary>
internal abstract class TaskEnvironment(MujocoTask task, MujocoModel model, int frameSkip, int maxSteps = 1000) : MujocoEnvironment(
    model, task.ObservationSize, frameSkip, maxSteps, isGuarded: false, keyframe: null, TaskNames.Of(task.Name).Observations,
    TaskNames.Of(task.Name).Actions)
{
    public override MujocoTask? Task => task;

    /// <summary>Whether every dimension is a finite number: [batch].</summary>
    protected static Tensor AllFinite(Tensor observation) => observation.isfinite().all(1);

    /// <summary>The sum of the squares of what the motors were told.</summary>
    protected static double SquaredSum(ReadOnlySpan<double> controls)
    {
        var sum = 0.0;
        foreach (var control in controls) sum += control * control;
        return sum;
    }

    /// <summary>Observes the positions but for the first ones, which tell how far it has come, and the velocities.</summary>
    private protected static void ObserveFrom(int firstPosition, MujocoState state, Span<double> observation)
    {
        var positions = state.Positions[firstPosition..];
        positions.CopyTo(observation);
        state.Velocities.CopyTo(observation[positions.Length..]);
    }

    /// <summary>Adds normal noise to every number.</summary>
    protected static void AddNormal(RandomSource random, Span<double> values, double deviation)
    {
        foreach (ref var value in values) value += deviation * random.NextNormal();
    }
}
