using MbpoML.Environments.Functions;

namespace MbpoML.Environments.Wrappers;

/// <summary>An environment around another one, which it owns and passes everything through to. Derive from it and override what should differ.</summary>
/// <remarks>A wrapper with a state of its own (a step counter) appends it to the inner state: override the three state members together.</remarks>
public abstract class EnvironmentWrapper : IStatefulEnvironment
{
    /// <summary>Wraps an environment and takes over its disposal.</summary>
    /// <param name="inner">The environment to wrap; the wrapper disposes it.</param>
    protected EnvironmentWrapper(IEnvironment inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
    }

    /// <summary>The wrapped environment.</summary>
    public IEnvironment Inner { get; }

    /// <inheritdoc/>
    public virtual BoxSpace ObservationSpace => Inner.ObservationSpace;

    /// <inheritdoc/>
    public virtual BoxSpace ActionSpace => Inner.ActionSpace;

    /// <inheritdoc/>
    public virtual ITerminationFunction? Termination => Inner.Termination;

    /// <inheritdoc/>
    public virtual IRewardFunction? Reward => Inner.Reward;

    /// <summary>What the wrapped environment says of itself; override it where the wrapper draws something of its own, or hides something.</summary>
    public virtual bool IsDeterministic => Inner.IsDeterministic;

    /// <inheritdoc/>
    public virtual int? MaxEpisodeSteps => Inner.MaxEpisodeSteps;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The wrapped environment has no state to give.</exception>
    public virtual int StateSize => StatefulInner.StateSize;

    /// <summary>
    /// Whether this is another task than the wrapped one, with other observations or rewards. Then settings and functions that are known for that one do not
    /// fit.
    /// </summary>
    internal virtual bool IsOtherTask => false;

    /// <summary>The wrapped environment as one with a state.</summary>
    /// <exception cref="NotSupportedException">It has none.</exception>
    protected IStatefulEnvironment StatefulInner => Inner.AsStateful() ?? throw new NotSupportedException(
        $"{Inner.GetType().Name} cannot give its state: it does not implement {nameof(IStatefulEnvironment)}. Ask " +
            $"{nameof(EnvironmentExtensions.AsStateful)} first, or implement it.");

    /// <inheritdoc/>
    public virtual void Reset(int seed, Span<double> observation) => Inner.Reset(seed, observation);

    /// <inheritdoc/>
    public virtual StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => Inner.Step(action, observation);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The wrapped environment has no state to give.</exception>
    public virtual void GetState(Span<double> state) => StatefulInner.GetState(state);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The wrapped environment has no state to set.</exception>
    public virtual void SetState(ReadOnlySpan<double> state) => StatefulInner.SetState(state);

    /// <summary>Disposes the wrapped environment.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes the wrapped environment; an override calls this one too.</summary>
    /// <param name="disposing">True when <see cref="Dispose()"/> calls; false when a finalizer does, which must not touch managed objects.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) Inner.Dispose();
    }
}
