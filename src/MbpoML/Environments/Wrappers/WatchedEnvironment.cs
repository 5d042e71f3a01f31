using System.Globalization;
using System.Runtime.ExceptionServices;
using MbpoML.Numerics;

namespace MbpoML.Environments.Wrappers;

/// <summary>
/// Runs an environment on a thread of its own and gives up on a call that does not come back in time: a simulator that hangs stops no training for ever.
/// </summary>
/// <remarks>
/// That thread makes every call: resets, steps, and reading and setting the state. It also disposes the environment. .NET cannot stop a thread from outside. So
/// after a timeout every later call is refused until the one that hangs comes back. A reset waits for it once more, for as long as the time limit. If it came
/// back, the environment can be used again. Where it never comes back its thread is left behind (it keeps no process alive) and the environment is not
/// disposed. A call costs some ten microseconds more than without.
/// </remarks>
public sealed class WatchedEnvironment : EnvironmentWrapper
{
    private readonly bool _ownsInner;
    private readonly WorkerThread _thread;
    private readonly ExclusiveUse _use = new(nameof(WatchedEnvironment));
    private readonly Action _reset, _step, _getState, _setState;
    private readonly double[] _action;
    private readonly double[] _observation;
    private double[] _state = [];
    private int? _stateSize;
    private int _seed;
    private StepResult _result;
    private string? _lost;

    /// <summary>Wraps and owns an environment.</summary>
    /// <param name="inner">The environment; it is used on one other thread only.</param>
    /// <param name="timeout">The longest that a call may take, above zero and at most 24 days.</param>
    /// <exception cref="ArgumentException">The environment gives no observation or action space, or the time is out of range.</exception>
    public WatchedEnvironment(IEnvironment inner, TimeSpan timeout)
        : this(Checked(inner, timeout), timeout, ownsInner: true)
    {
    }

    /// <summary>Wraps an environment.</summary>
    /// <param name="inner">The environment.</param>
    /// <param name="timeout">The longest that a call may take; null: as long as it takes.</param>
    /// <param name="ownsInner">Whether the environment is disposed with this object.</param>
    /// <param name="thread">The thread that calls the environment, which this object ends; null: a new one.</param>
    internal WatchedEnvironment(IEnvironment inner, TimeSpan? timeout, bool ownsInner, WorkerThread? thread = null)
        : base(inner)
    {
        inner.RequireSpaces();
        (TimeLimit, _ownsInner) = (timeout, ownsInner);
        _action = new double[inner.ActionSpace.Size];
        _observation = new double[inner.ObservationSpace.Size];
        // Made once: a closure a call would be garbage a call.
        (_reset, _step) = (() => Inner.Reset(_seed, _observation), () => _result = Inner.Step(_action, _observation));
        (_getState, _setState) = (() => StatefulInner.GetState(_state), () => StatefulInner.SetState(_state));
        IsMadeForRun = thread is not null;
        _thread = thread ?? new WorkerThread($"MbpoML environment {inner.GetType().Name}");
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">It did not come back in time, now or before.</exception>
    public override int StateSize
    {
        get
        {
            if (_stateSize is { } known) return known;
            using var turn = _use.Enter();
            ThrowIfLost();
            var size = 0;
            Run(nameof(StateSize), () => size = StatefulInner.StateSize);
            return (_stateSize = size).Value;
        }
    }

    /// <summary>The longest that a call may take; null: as long as it takes.</summary>
    internal TimeSpan? TimeLimit { get; set; }

    /// <summary>Whether a run need not put a thread of its own around it.</summary>
    internal bool IsMadeForRun { get; }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">It did not come back in time, now or before.</exception>
    public override void Reset(int seed, Span<double> observation)
    {
        using var turn = _use.Enter();
        Check.Length(_observation.Length, observation.Length, nameof(observation));
        if (_lost is not null) Recover();
        _seed = seed;
        RunForObservation(nameof(Reset), _reset);
        _observation.CopyTo(observation);
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">It did not come back in time, now or before.</exception>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        using var turn = _use.Enter();
        Check.Length(_action.Length, action.Length, nameof(action));
        Check.Length(_observation.Length, observation.Length, nameof(observation));
        ThrowIfLost();
        action.CopyTo(_action);
        RunForObservation(nameof(Step), _step);
        _observation.CopyTo(observation);
        return _result;
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">It did not come back in time, now or before.</exception>
    public override void GetState(Span<double> state)
    {
        using var turn = _use.Enter();
        ThrowIfLost();
        if (_state.Length != state.Length) _state = new double[state.Length];
        Run(nameof(GetState), _getState);
        _state.CopyTo(state);
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">It did not come back in time, now or before.</exception>
    public override void SetState(ReadOnlySpan<double> state)
    {
        using var turn = _use.Enter();
        ThrowIfLost();
        if (_state.Length != state.Length) _state = new double[state.Length];
        state.CopyTo(_state);
        Run(nameof(SetState), _setState);
    }

    /// <summary>Refuses a time limit that cannot be waited for.</summary>
    internal static void Validate(TimeSpan timeout, string name) => Check.Within(0, int.MaxValue, Check.Positive(timeout.TotalMilliseconds, name), name);

    /// <summary>Does something else on the environment's thread, without a time limit.</summary>
    internal void Prepare(Action work) => _thread.Run(work);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // What is inside is disposed by its own thread.
        base.Dispose(disposing: false);
        if (!_use.End()) return;
        Action last = _ownsInner ? Inner.Dispose : () => { };
        if (_lost is not null)
        {
            // When the call that hangs comes back after all.
            _thread.Abandon(last);
            return;
        }

        try
        {
            _thread.Run(last);
        }
        finally
        {
            _thread.Dispose();
        }
    }

    private static IEnvironment Checked(IEnvironment inner, TimeSpan timeout)
    {
        inner.RequireSpaces();
        Validate(timeout, nameof(timeout));
        return inner;
    }

    private void RunForObservation(string name, Action call)
    {
        // A dimension that the environment forgets to write must not look like the last one.
        Array.Fill(_observation, double.NaN);
        Run(name, call);
    }

    private void Run(string name, Action call)
    {
        _thread.Begin(call);
        if (!_thread.Wait(TimeLimit))
        {
            _lost = string.Create(
                CultureInfo.InvariantCulture,
                $"{Inner.GetType().Name} did not come back from {name} within {TimeLimit!.Value.TotalSeconds:g4} s and cannot be used until it does. Mend " +
                    $"what hangs, or allow it more time.");
            throw new TimeoutException(_lost);
        }

        if (_thread.TakeFailure() is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    // Only a reset makes sense after what the late call has done.
    private void Recover()
    {
        if (!_thread.Wait(TimeLimit)) ThrowIfLost();
        _thread.TakeFailure();
        _lost = null;
    }

    private void ThrowIfLost()
    {
        if (_lost is not null) throw new TimeoutException(_lost);
    }
}
