using System.Runtime.ExceptionServices;
using MbpoML.Numerics;

namespace MbpoML.Environments;

/// <summary>Runs an environment on a thread of its own and gives up on a reset or a step that does not come back in time: a simulator that hangs stops no training for ever.</summary>
/// <remarks>
/// .NET cannot stop a thread from outside, so after a timeout every later call is refused until the one that hangs comes back after all: a reset waits for that once more, as long as the
/// time limit, and then the environment can be used again. Where it never comes back its thread is left behind (it keeps no process alive) and the environment is not disposed.
/// A call costs some ten microseconds more than without.
/// </remarks>
public sealed class WatchedEnvironment : EnvironmentWrapper
{
    private readonly TimeSpan _timeout;
    private readonly bool _ownsInner;
    private readonly Thread _thread;
    private readonly ExclusiveUse _use = new(nameof(WatchedEnvironment));
    private readonly SemaphoreSlim _start = new(0), _done = new(0);
    private readonly double[] _action;
    private readonly double[] _observation;
    private Call _call;
    private int _seed;
    private StepResult _result;
    private Exception? _failure;
    private string? _lost;

    /// <summary>Wraps and owns an environment.</summary>
    /// <param name="inner">The environment; it is used on one other thread only.</param>
    /// <param name="timeout">The longest that a reset or a step may take, above zero and at most 24 days.</param>
    /// <exception cref="ArgumentException">The environment gives no observation or action space, or the time is out of range.</exception>
    public WatchedEnvironment(IEnvironment inner, TimeSpan timeout)
        : this(inner, timeout, ownsInner: true)
    {
    }

    /// <summary>Wraps an environment; <paramref name="ownsInner"/> says whether it is disposed with this object.</summary>
    internal WatchedEnvironment(IEnvironment inner, TimeSpan timeout, bool ownsInner)
        : base(inner)
    {
        inner.RequireSpaces();
        Validate(timeout, nameof(timeout));
        (_timeout, _ownsInner) = (timeout, ownsInner);
        _action = new double[inner.ActionSpace.Size];
        _observation = new double[inner.ObservationSpace.Size];
        _thread = new Thread(Work) { IsBackground = true, Name = $"MbpoML environment {inner.GetType().Name}" };
        _thread.Start();
    }

    private enum Call
    {
        Reset,
        Step,
        Dispose,
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">It did not come back in time, now or before.</exception>
    public override void Reset(int seed, Span<double> observation)
    {
        using var turn = _use.Enter();
        Check.Length(_observation.Length, observation.Length, nameof(observation));
        _seed = seed;
        Run(Call.Reset);
        _observation.CopyTo(observation);
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">It did not come back in time, now or before.</exception>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        using var turn = _use.Enter();
        Check.Length(_action.Length, action.Length, nameof(action));
        Check.Length(_observation.Length, observation.Length, nameof(observation));
        action.CopyTo(_action);
        Run(Call.Step);
        _observation.CopyTo(observation);
        return _result;
    }

    /// <inheritdoc/>
    public override void GetState(Span<double> state)
    {
        using var turn = _use.Enter();
        ThrowIfLost();
        base.GetState(state);
    }

    /// <inheritdoc/>
    public override void SetState(ReadOnlySpan<double> state)
    {
        using var turn = _use.Enter();
        ThrowIfLost();
        base.SetState(state);
    }

    /// <summary>Refuses a time limit that cannot be waited for.</summary>
    internal static void Validate(TimeSpan timeout, string name) => Check.Within(0, int.MaxValue, Check.Positive(timeout.TotalMilliseconds, name), name);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_use.End()) return;
        // The thread disposes the environment when it is free: at once, or when a call that hangs comes back after all.
        _call = Call.Dispose;
        _start.Release();
        if (_lost is null) _thread.Join();
        base.Dispose(disposing: false);
    }

    private void Run(Call call)
    {
        if (_lost is not null) Recover(call);
        _call = call;
        // A dimension that the environment forgets to write must not look like the last one.
        Array.Fill(_observation, double.NaN);
        _start.Release();
        if (!_done.Wait(_timeout))
        {
            _lost = $"{Inner.GetType().Name} did not come back from {call} within {_timeout.TotalSeconds:g4} s and cannot be used until it does. Mend what hangs, or allow it more time.";
            throw new TimeoutException(_lost);
        }

        if (_failure is not { } failure) return;
        _failure = null;
        ExceptionDispatchInfo.Throw(failure);
    }

    // Only a reset makes sense after what the late call has done.
    private void Recover(Call call)
    {
        if (call != Call.Reset || !_done.Wait(_timeout)) ThrowIfLost();
        (_lost, _failure) = (null, null);
    }

    private void ThrowIfLost()
    {
        if (_lost is not null) throw new TimeoutException(_lost);
    }

    private void Work()
    {
        for (_start.Wait(); _call != Call.Dispose; _start.Wait())
        {
            try
            {
                if (_call == Call.Reset) Inner.Reset(_seed, _observation);
                else _result = Inner.Step(_action, _observation);
            }
            catch (Exception exception)
            {
                _failure = exception;
            }

            _done.Release();
        }

        if (_ownsInner) Inner.Dispose();
    }
}
