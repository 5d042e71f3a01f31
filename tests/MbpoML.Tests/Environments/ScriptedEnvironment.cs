using MbpoML.Environments;
using MbpoML.Environments.Functions;

namespace MbpoML.Tests.Environments;

/// <summary>A user's environment whose faults and endings a test sets: 2 observations (seed, step), 1 action in [-2, 6], which it remembers.</summary>
internal sealed class ScriptedEnvironment : IEnvironment
{
    private int _step;
    private int _seed;

    public BoxSpace ObservationSpace { get; init; } = BoxSpace.Unbounded(2);

    public BoxSpace ActionSpace { get; init; } = new([-2], [6]);

    public ITerminationFunction? Termination { get; init; }

    public IRewardFunction? Reward { get; init; }

    public Func<int, StepResult> Result { get; set; } = _ => new StepResult(1, false);

    public Func<int, double> SecondObservation { get; set; } = step => step;

    public bool WritesNothing { get; set; }

    public double LastAction { get; private set; }

    public int Disposals { get; private set; }

    public void Reset(int seed, Span<double> observation)
    {
        (_seed, _step) = (seed, 0);
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        LastAction = action[0];
        _step++;
        Observe(observation);
        return Result(_step);
    }

    public void Dispose() => Disposals++;

    private void Observe(Span<double> observation)
    {
        if (WritesNothing) return;
        observation[0] = _seed;
        observation[1] = SecondObservation(_step);
    }
}
