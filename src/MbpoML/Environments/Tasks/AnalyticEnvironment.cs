using MbpoML.Environments.Drawing;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;

namespace MbpoML.Environments.Tasks;

/// <summary>
/// A task given by formulas: no native library, double precision, deterministic after the reset, truncated after <see cref="MaxSteps"/> steps. It draws itself.
/// </summary>
public abstract class AnalyticEnvironment : IObservableEnvironment, IDrawableEnvironment
{
    private readonly double[] _state;
    private int _elapsed;

    private protected AnalyticEnvironment(BoxSpace observationSpace, BoxSpace actionSpace, int physicalStateSize, int maxSteps)
    {
        ObservationSpace = observationSpace;
        ActionSpace = actionSpace;
        MaxSteps = maxSteps;
        _state = new double[physicalStateSize];
    }

    /// <summary>The most steps an episode has.</summary>
    public int MaxSteps { get; }

    /// <inheritdoc/>
    public int? MaxEpisodeSteps => MaxSteps;

    /// <inheritdoc/>
    public BoxSpace ObservationSpace { get; }

    /// <inheritdoc/>
    public BoxSpace ActionSpace { get; }

    /// <inheritdoc/>
    public virtual ITerminationFunction? Termination => null;

    /// <inheritdoc/>
    public virtual IRewardFunction? Reward => null;

    /// <summary>True: only the start is drawn, and the observation shows all of it.</summary>
    public bool IsDeterministic => true;

    /// <summary>The physical state, in the order that the task's documentation gives, and the elapsed steps.</summary>
    /// <inheritdoc/>
    public int StateSize => _state.Length + 1;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The buffer's length is not that of the observation space.</exception>
    public void Reset(int seed, Span<double> observation)
    {
        Check.Length(ObservationSpace.Size, observation.Length, nameof(observation));
        _elapsed = 0;
        DrawStart(new RandomSource(seed), _state);
        Observe(_state, observation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A length differs from the space's, or the action is not a finite number.</exception>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Check.Length(ActionSpace.Size, action.Length, nameof(action));
        Check.Length(ObservationSpace.Size, observation.Length, nameof(observation));
        Check.Finite(action[0], nameof(action));
        var (reward, terminated) = Advance(_state, action[0]);
        _elapsed++;
        Observe(_state, observation);
        return new StepResult(reward, terminated, !terminated && _elapsed >= MaxSteps);
    }

    /// <inheritdoc/>
    public void GetState(Span<double> state)
    {
        Check.Length(StateSize, state.Length, nameof(state));
        _state.CopyTo(state);
        state[^1] = _elapsed;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The span has another length, or a value cannot be of a state.</exception>
    public void SetState(ReadOnlySpan<double> state)
    {
        Check.Length(StateSize, state.Length, nameof(state));
        Check.Count(state[^1], nameof(state));
        foreach (var value in state) Check.Finite(value, nameof(state));
        state[..^1].CopyTo(_state);
        _elapsed = (int)state[^1];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length, or a value is not finite.</exception>
    public void FindState(ReadOnlySpan<double> observation, Span<double> state)
    {
        Check.Length(ObservationSpace.Size, observation.Length, nameof(observation));
        Check.Length(StateSize, state.Length, nameof(state));
        foreach (var value in observation) Check.Finite(value, nameof(observation));
        FindPhysicalState(observation, state[..^1]);
        state[^1] = 0;
    }

    /// <inheritdoc/>
    public void Draw(Canvas canvas)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        Draw(_state, canvas);
    }

    /// <summary>Nothing is held, so nothing is given back.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Draws the physical state in which an episode starts.</summary>
    private protected abstract void DrawStart(RandomSource random, Span<double> state);

    /// <summary>Advances the physical state by one step of the task's clock.</summary>
    private protected abstract (double Reward, bool Terminated) Advance(Span<double> state, double action);

    /// <summary>Draws a physical state.</summary>
    private protected abstract void Draw(ReadOnlySpan<double> state, Canvas canvas);

    /// <summary>Writes the observation of a physical state; by default the state itself.</summary>
    private protected virtual void Observe(ReadOnlySpan<double> state, Span<double> observation) => state.CopyTo(observation);

    /// <summary>The reverse of <see cref="Observe"/>.</summary>
    private protected virtual void FindPhysicalState(ReadOnlySpan<double> observation, Span<double> state) => observation.CopyTo(state);
}
