using MbpoML.Environments;
using MbpoML.Numerics.Random;

namespace MbpoML.Tool.Tests.Own;

/// <summary>
/// A task as a user writes it: a cart on a rail that should stand in the middle. Its state can be saved, so that a run that is stopped goes on exactly.
/// </summary>
public class RailEnvironment(double force = 0.1) : IStatefulEnvironment
{
    private double _place;

    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

    public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -1, 1);

    public int StateSize => 1;

    public void Reset(int seed, Span<double> observation)
    {
        _place = new RandomSource(seed).NextUniform(-1, 1);
        observation[0] = _place;
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        _place = Math.Clamp(_place + (force * action[0]), -2, 2);
        observation[0] = _place;
        return new StepResult(-_place * _place, Terminated: false, Truncated: false);
    }

    public void GetState(Span<double> state) => state[0] = _place;

    public void SetState(ReadOnlySpan<double> state) => _place = state[0];
}
