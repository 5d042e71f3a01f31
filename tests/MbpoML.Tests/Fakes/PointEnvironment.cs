using MbpoML.Environments;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Tests.Fakes;

/// <summary>
/// The point on a line, whose reward is known. It tells of every step, its episodes may be shorter, and it does not say that it shows its whole state.
/// </summary>
internal sealed class PointEnvironment() : EnvironmentWrapper(new MbpoML.Environments.Tasks.LineEnvironment(knownReward: true))
{
    private int _step;

    public override int? MaxEpisodeSteps => Length;

    public int Length { get; init; } = 30;

    public override int StateSize => base.StateSize + 1;

    /// <summary>The actions that were taken, over all episodes.</summary>
    public List<double> Actions { get; } = [];

    /// <summary>Called before each step with its number, from 1.</summary>
    public Action<int>? OnStep { get; init; }

    /// <summary>Called at each reset.</summary>
    public Action? OnReset { get; init; }

    public override void Reset(int seed, Span<double> observation)
    {
        OnReset?.Invoke();
        _step = 0;
        base.Reset(seed, observation);
    }

    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Actions.Add(action[0]);
        OnStep?.Invoke(Actions.Count);
        _step++;
        return base.Step(action, observation) with { Truncated = _step >= Length };
    }

    public override void GetState(Span<double> state)
    {
        base.GetState(state[..^1]);
        state[^1] = _step;
    }

    public override void SetState(ReadOnlySpan<double> state)
    {
        base.SetState(state[..^1]);
        _step = (int)state[^1];
    }
}
