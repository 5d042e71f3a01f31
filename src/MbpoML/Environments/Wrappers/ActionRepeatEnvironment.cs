using MbpoML.Environments.Functions;
using MbpoML.Numerics;

namespace MbpoML.Environments.Wrappers;

/// <summary>
/// Takes each action several times in a row and adds up the rewards. It stops where the episode ends, terminated or truncated as the last step says.
/// </summary>
/// <remarks>
/// What was observed in between is not seen, and the reward depends on it. So the wrapped task's reward function is not passed on, and the dynamics model
/// learns rewards. The termination function is passed on, because the task's end is observed last. It is not compared with the steps, since it may also read
/// the observation before.
/// </remarks>
public sealed class ActionRepeatEnvironment : EnvironmentWrapper
{
    /// <summary>Wraps and owns an environment.</summary>
    /// <param name="inner">The environment to wrap; the wrapper disposes it.</param>
    /// <param name="repeats">Steps of the environment for each action, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 1.</exception>
    public ActionRepeatEnvironment(IEnvironment inner, int repeats)
        : base(inner)
    {
        Repeats = Check.AtLeast(1, repeats);
        Termination = repeats == 1 || inner.Termination is not { } termination ? inner.Termination : TerminationFunction.Approximate(termination);
        Reward = repeats == 1 ? inner.Reward : null;
    }

    /// <summary>Steps of the environment for each action.</summary>
    public int Repeats { get; }

    /// <inheritdoc/>
    public override ITerminationFunction? Termination { get; }

    /// <inheritdoc/>
    public override IRewardFunction? Reward { get; }

    /// <summary>Actions an episode has at most.</summary>
    /// <inheritdoc/>
    public override int? MaxEpisodeSteps => Inner.MaxEpisodeSteps is { } steps ? (int)((steps + (Repeats - 1L)) / Repeats) : null;

    internal override bool IsOtherTask => Repeats > 1;

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var (reward, result) = (0.0, default(StepResult));
        for (var repeat = 0; repeat < Repeats && !result.Done; repeat++)
        {
            result = Inner.Step(action, observation);
            reward += result.Reward;
        }

        return result with { Reward = reward };
    }
}
