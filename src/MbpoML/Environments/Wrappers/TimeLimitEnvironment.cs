using MbpoML.Numerics;

namespace MbpoML.Environments.Wrappers;

/// <summary>
/// Truncates each episode of an environment after a number of steps. A step that ends the task is terminated, never truncated, also when it is the last one.
/// </summary>
public sealed class TimeLimitEnvironment : EnvironmentWrapper
{
    private int _elapsed;

    /// <summary>Wraps and owns an environment.</summary>
    /// <param name="inner">The environment to wrap; the wrapper disposes it.</param>
    /// <param name="maxSteps">The length of an episode, at least 1 step.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public TimeLimitEnvironment(IEnvironment inner, int maxSteps)
        : base(inner)
    {
        MaxSteps = Check.AtLeast(1, maxSteps);
    }

    /// <summary>The most steps an episode has.</summary>
    public int MaxSteps { get; }

    /// <summary>The shorter of this limit and the inner one.</summary>
    /// <inheritdoc/>
    public override int? MaxEpisodeSteps => Math.Min(MaxSteps, Inner.MaxEpisodeSteps ?? MaxSteps);

    /// <summary>The inner state and the elapsed steps.</summary>
    /// <inheritdoc/>
    public override int StateSize => StatefulInner.StateSize + 1;

    /// <inheritdoc/>
    public override void Reset(int seed, Span<double> observation)
    {
        _elapsed = 0;
        Inner.Reset(seed, observation);
    }

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var result = Inner.Step(action, observation);
        _elapsed++;
        return result with { Truncated = !result.Terminated && (result.Truncated || _elapsed >= MaxSteps) };
    }

    /// <inheritdoc/>
    public override void GetState(Span<double> state)
    {
        Check.Length(StateSize, state.Length, nameof(state));
        StatefulInner.GetState(state[..^1]);
        state[^1] = _elapsed;
    }

    /// <inheritdoc/>
    public override void SetState(ReadOnlySpan<double> state)
    {
        Check.Length(StateSize, state.Length, nameof(state));
        Check.Count(state[^1], nameof(state));
        StatefulInner.SetState(state[..^1]);
        _elapsed = (int)state[^1];
    }
}
