using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>
/// A cart on a rail: s' = s + 0.3 a, the reward is minus the distance from the middle, and an episode has ten steps. Also its own exact model.
/// </summary>
internal sealed class Rail : IStatefulEnvironment, IDynamicsModel
{
    public const int EpisodeLength = 10;
    private double _place;
    private int _steps;

    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

    public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -1, 1);

    public TransitionLayout Layout { get; } = new(1, 1);

    public int StateSize => 2;

    public void Reset(int seed, Span<double> observation) =>
        (_place, _steps, observation[0]) = (new RandomSource(seed).NextUniform(-1, 1) is var start ? start : 0, 0, start);

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        observation[0] = _place += 0.3 * action[0];
        return new StepResult(-Math.Abs(_place), Terminated: false, Truncated: ++_steps == EpisodeLength);
    }

    public void GetState(Span<double> state) => (state[0], state[1]) = (_place, _steps);

    public void SetState(ReadOnlySpan<double> state) => (_place, _steps) = (state[0], (int)state[1]);

    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        var next = observation + (action * 0.3);
        return new DynamicsSample(next, -next.abs().squeeze(1));
    }
}
