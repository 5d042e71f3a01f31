using MbpoML.Numerics;

namespace MbpoML.Mujoco;

/// <content>The whole state, from which a stopped episode goes on bit for bit.</content>
public abstract partial class MujocoEnvironment
{
    // Time, progress and elapsed steps, and what is remembered, follow positions, velocities, activations, the solver's start and the places of mocap bodies.
    private const int OwnStateSize = 3;
    private const int MocapStateSize = 7;

    /// <summary>
    /// Positions, velocities, activations, the accelerations from which the solver starts its next step, positions and orientations of mocap bodies, time, the
    /// place that progress is measured from, the elapsed steps, and what a task remembers of the step before.
    /// </summary>
    /// <inheritdoc/>
    public int StateSize =>
        Model.PositionSize + (2 * Model.VelocitySize) + Model.Native.ActivationSize + (MocapStateSize * Model.Native.MocapCount) + OwnStateSize +
        (Remembers ? 1 : 0);

    /// <inheritdoc/>
    public void GetState(Span<double> state)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Check.Length(StateSize, state.Length, nameof(state));
        var rest = Take(_simulation.WarmStart, Take(_simulation.Activations, Take(_simulation.Velocities, Take(_simulation.Positions, state))));
        rest = Take(_simulation.MocapOrientations, Take(_simulation.MocapPositions, rest));
        (rest[0], rest[1], rest[2]) = (_simulation.Time, _progress, _isRunning ? _elapsed : -1);
        if (Remembers) rest[OwnStateSize] = Remembered;

        static Span<double> Take(ReadOnlySpan<double> from, Span<double> into)
        {
            from.CopyTo(into);
            return into[from.Length..];
        }
    }

    /// <inheritdoc/>
    public void SetState(ReadOnlySpan<double> state)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Check.Length(StateSize, state.Length, nameof(state));
        // Everything else in the simulation follows from these, or is computed anew by each step.
        _simulation.Reset(_keyframe);
        var rest = Put(_simulation.WarmStart, Put(_simulation.Activations, Put(_simulation.Velocities, Put(_simulation.Positions, state))));
        rest = Put(_simulation.MocapOrientations, Put(_simulation.MocapPositions, rest));
        (_simulation.Time, _progress) = (rest[0], rest[1]);
        Remembered = Remembers ? rest[OwnStateSize] : 0;
        _isRunning = rest[2] >= 0;
        _elapsed = _isRunning ? (int)rest[2] : 0;

        static ReadOnlySpan<double> Put(Span<double> into, ReadOnlySpan<double> from)
        {
            from[..into.Length].CopyTo(into);
            return from[into.Length..];
        }
    }
}
