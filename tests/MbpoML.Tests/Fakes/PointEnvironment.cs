using MbpoML.Environments;
using MbpoML.Environments.Functions;

namespace MbpoML.Tests.Fakes;

/// <summary>
/// A point on a line that begins at 1 at rest: v += a, p += v, reward -0.001 p² of the new place, 30 steps. Doing nothing gives -0.03, the best there is
/// nearly nothing. It tells of every step.
/// </summary>
internal sealed class PointEnvironment : IStatefulEnvironment
{
    private double _place, _speed;
    private int _step;

    public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(2);

    public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -1, 1);

    public IRewardFunction? Reward { get; init; } = RewardFunction.FromTensors((_, _, next) => next.select(1, 0).square() * -0.001f);

    public int? MaxEpisodeSteps => Length;

    public int Length { get; init; } = 30;

    public int StateSize => 3;

    /// <summary>The actions that were taken, over all episodes.</summary>
    public List<double> Actions { get; } = [];

    /// <summary>Called before each step with its number, from 1.</summary>
    public Action<int>? OnStep { get; init; }

    public void Reset(int seed, Span<double> observation) => ((_place, _speed, _step), observation[0], observation[1]) = ((1, 0, 0), 1, 0);

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Actions.Add(action[0]);
        OnStep?.Invoke(Actions.Count);
        _speed += action[0];
        _place += _speed;
        _step++;
        (observation[0], observation[1]) = (_place, _speed);
        return new StepResult(-0.001 * _place * _place, false, _step >= Length);
    }

    public void GetState(Span<double> state) => (state[0], state[1], state[2]) = (_place, _speed, _step);

    public void SetState(ReadOnlySpan<double> state) => (_place, _speed, _step) = (state[0], state[1], (int)state[2]);

    public void Dispose()
    {
    }
}
