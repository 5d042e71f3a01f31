using MbpoML.Numerics;

namespace MbpoML.Environments.Wrappers;

/// <summary>
/// Wraps any environment and checks every call: lengths, numbers that are not finite, the order of reset and step, and termination and reward functions that
/// contradict a step.
/// </summary>
/// <remarks>
/// Actions outside the bounds pass: a task clips them or takes them as they are. The observation buffer is filled with NaN before each call, so that a
/// dimension that the environment forgets to write is found. A step that the environment calls both terminated and truncated is terminated. What the
/// environment itself throws becomes the inner exception of an <see cref="EnvironmentException"/> that says when it happened, a cancellation too. After a fault
/// the environment must be reset. A call from a second thread while one is under way is an <see cref="InvalidOperationException"/>. The environment's own
/// <see cref="IEnvironment.Termination"/> and <see cref="IEnvironment.Reward"/> are asked about every step and must say what the step said, but for the
/// rounding to float32. A step allocates nothing, except where such a function is one of tensors.
/// </remarks>
public sealed class CheckedEnvironment : EnvironmentWrapper
{
    // Episode, step and phase follow the inner state.
    private const int OwnStateSize = 3;

    private readonly ExclusiveUse _use = new(nameof(CheckedEnvironment));
    private readonly StepComparison? _comparison;
    private int _episode;
    private int _step;
    private Phase _phase;

    /// <summary>Wraps and owns an environment.</summary>
    /// <param name="inner">The environment to wrap; the wrapper disposes it.</param>
    /// <exception cref="ArgumentException">The environment gives no observation or action space, or an action has two equal bounds.</exception>
    public CheckedEnvironment(IEnvironment inner)
        : this(inner, comparesFunctions: true)
    {
    }

    /// <param name="inner">The environment.</param>
    /// <param name="comparesFunctions">Whether a step that contradicts the environment's functions is an error. A run warns of it by itself
    /// (<see cref="Training.Watches.DataWatch"/>).</param>
    internal CheckedEnvironment(IEnvironment inner, bool comparesFunctions)
        : base(inner)
    {
        inner.RequireSpaces();
        (ObservationSpace, ActionSpace) = (inner.ObservationSpace, inner.ActionSpace);
        if (comparesFunctions) _comparison = StepComparison.Of(inner);
    }

    private enum Phase
    {
        NeverReset,
        Running,
        Over,
    }

    /// <inheritdoc/>
    public override BoxSpace ObservationSpace { get; }

    /// <inheritdoc/>
    public override BoxSpace ActionSpace { get; }

    /// <summary>The inner state, then the numbers of the episode and the step, and whether the episode is running.</summary>
    /// <inheritdoc/>
    public override int StateSize => StatefulInner.StateSize + OwnStateSize;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The buffer's length is not that of the observation space.</exception>
    /// <exception cref="EnvironmentException">The environment threw, or gave an observation that is not finite.</exception>
    public override void Reset(int seed, Span<double> observation)
    {
        using var turn = _use.Enter();
        Check.Length(ObservationSpace.Size, observation.Length, nameof(observation));
        _episode++;
        _step = 0;
        _phase = Phase.NeverReset;
        observation.Fill(double.NaN);
        try
        {
            Inner.Reset(seed, observation);
        }
        catch (Exception exception) when (exception is not EnvironmentException)
        {
            throw Thrown(exception);
        }

        CheckObservation(observation);
        _comparison?.Begin(observation);
        _phase = Phase.Running;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A length differs from the space's, or an action value is not finite.</exception>
    /// <exception cref="InvalidOperationException">There was no reset yet, or none since the episode ended.</exception>
    /// <exception cref="EnvironmentException">
    /// The environment threw, gave a reward or an observation that is not finite, or said something else of the step than its termination or reward function;
    /// it has to be reset before the next step.
    /// </exception>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        using var turn = _use.Enter();
        if (_phase != Phase.Running) throw NotRunning();
        Check.Length(ActionSpace.Size, action.Length, nameof(action));
        Check.Length(ObservationSpace.Size, observation.Length, nameof(observation));
        CheckAction(action);

        _step++;
        _phase = Phase.Over;
        observation.Fill(double.NaN);
        var result = StepInner(action, observation);
        CheckObservation(observation);
        if (!FitsFloat32(result.Reward)) throw Fault(Invariant($"the reward is {result.Reward}"));
        if (_comparison?.Compare(action, result, observation) is { } difference) throw Contradiction(difference);
        if (!result.Done) _phase = Phase.Running;
        return result.Terminated ? result with { Truncated = false } : result;
    }

    /// <inheritdoc/>
    public override void GetState(Span<double> state)
    {
        using var turn = _use.Enter();
        Check.Length(StateSize, state.Length, nameof(state));
        var inner = StatefulInner;
        try
        {
            inner.GetState(state[..^OwnStateSize]);
        }
        catch (Exception exception) when (exception is not EnvironmentException)
        {
            throw Thrown(exception);
        }

        (state[^3], state[^2], state[^1]) = (_episode, _step, (int)_phase);
    }

    /// <inheritdoc/>
    public override void SetState(ReadOnlySpan<double> state)
    {
        using var turn = _use.Enter();
        Check.Length(StateSize, state.Length, nameof(state));
        Check.Count(state[^3], nameof(state));
        Check.Count(state[^2], nameof(state));
        if (state[^1] is not (0 or 1 or 2))
            throw new ArgumentException(Invariant($"The state's last value is {state[^1]}, but must be 0, 1 or 2, as GetState wrote it."), nameof(state));
        var inner = StatefulInner;
        _comparison?.Forget();
        try
        {
            inner.SetState(state[..^OwnStateSize]);
        }
        catch (Exception exception) when (exception is not EnvironmentException)
        {
            _phase = Phase.NeverReset;
            throw Thrown(exception);
        }

        (_episode, _step, _phase) = ((int)state[^3], (int)state[^2], (Phase)state[^1]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_use.End()) base.Dispose(disposing);
    }

    private StepResult StepInner(ReadOnlySpan<double> action, Span<double> observation)
    {
        try
        {
            return Inner.Step(action, observation);
        }
        catch (Exception exception) when (exception is not EnvironmentException)
        {
            throw Thrown(exception);
        }
    }

    private void CheckAction(ReadOnlySpan<double> action)
    {
        for (var index = 0; index < action.Length; index++)
            if (!double.IsFinite(action[index]))
                throw new ArgumentException(
                    Invariant($"Episode {_episode}, step {_step + 1}: {ActionSpace.Tell("dimension", index)} of the action is {action[index]}, but must be ") +
                        "a finite number. Check what computes the action.",
                    nameof(action));
    }

    private void CheckObservation(ReadOnlySpan<double> observation)
    {
        for (var index = 0; index < observation.Length; index++)
            if (!FitsFloat32(observation[index]))
                throw Fault(Invariant($"{ObservationSpace.Tell("dimension", index)} of the observation is {observation[index]}"));
    }

    // Transitions are kept as float32, where a double such as 1e300 would become infinite.
    private static bool FitsFloat32(double value) => float.IsFinite((float)value);

    // Who watches is not who failed.
    private string Name => Watched(Inner).GetType().Name;

    private static IEnvironment Watched(IEnvironment environment) => environment is WatchedEnvironment watched ? Watched(watched.Inner) : environment;

    private string When => Invariant($"{Name}, episode {_episode}, {(_step == 0 ? "reset" : Invariant($"step {_step}"))}");

    private EnvironmentException Thrown(Exception cause) => new($"{When}: it threw {cause.GetType().Name}: {cause.Message}", cause, _episode, _step);

    private EnvironmentException Fault(string what) => new(
        $"{When}: {what}, but must be written at every call and be a finite float32 number. " +
        "Correct the environment, or end the episode (Terminated) before its numbers diverge.",
        _episode,
        _step);

    private EnvironmentException Contradiction(string difference) => new(
        $"{When}: {difference}. The dynamics model's imagined transitions follow the function, so both must say the same: correct the one that is wrong.",
        _episode, _step);

    private InvalidOperationException NotRunning() => new(
        _phase == Phase.NeverReset
            ? "The environment must be reset before its first step: call Reset."
            : Invariant($"Episode {_episode} ended at step {_step}: call Reset before the next step."));
}
