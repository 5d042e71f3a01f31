using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>
/// Where each field of a transition stands in a row of the wide store: [observation | action | reward | next observation | terminated | truncated].
/// </summary>
/// <remarks>
/// One row-major table makes a minibatch one gather. All slices are views that share the rows' memory. They take float32 [rows, <see cref="Width"/>]; anything
/// else is an <see cref="ArgumentException"/>.
/// </remarks>
public sealed record TransitionLayout
{
    /// <summary>A layout for the given sizes.</summary>
    /// <param name="observationSize">n, the number of dimensions of an observation, at least 1.</param>
    /// <param name="actionSize">m, the number of dimensions of an action, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a row would be longer than an array can be.</exception>
    public TransitionLayout(int observationSize, int actionSize)
    {
        ObservationSize = Check.AtLeast(1, observationSize);
        ActionSize = Check.AtLeast(1, actionSize);
        if ((2L * observationSize) + actionSize + 3 > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(observationSize), observationSize,
                Invariant($"A row of 2 x {observationSize} + {actionSize} + 3 floats is longer than an array can be."));
    }

    /// <summary>n, the number of observation dimensions.</summary>
    public int ObservationSize { get; }

    /// <summary>m, the number of action dimensions.</summary>
    public int ActionSize { get; }

    /// <summary>The number of floats a row: 2n + m + 3.</summary>
    public int Width => (2 * ObservationSize) + ActionSize + 3;

    /// <summary>Where the action begins; the observation begins at 0.</summary>
    public int ActionOffset => ObservationSize;

    /// <summary>Where the reward stands.</summary>
    public int RewardOffset => ObservationSize + ActionSize;

    /// <summary>Where the next observation begins.</summary>
    public int NextObservationOffset => RewardOffset + 1;

    /// <summary>Where the termination flag (0 or 1) stands.</summary>
    public int TerminatedOffset => NextObservationOffset + ObservationSize;

    /// <summary>Where the truncation flag (0 or 1) stands.</summary>
    public int TruncatedOffset => TerminatedOffset + 1;

    /// <summary>The observations of transitions.</summary>
    /// <param name="rows">Transitions, float32 [rows, <see cref="Width"/>].</param>
    /// <returns>A view of the rows, float32 [rows, observation]; it shares their memory.</returns>
    /// <exception cref="ArgumentException">The rows are not float32 [rows, <see cref="Width"/>].</exception>
    public Tensor Observation(Tensor rows) => Narrow(rows, 0, ObservationSize);

    /// <summary>The actions of transitions.</summary>
    /// <param name="rows">Transitions, float32 [rows, <see cref="Width"/>].</param>
    /// <returns>A view of the rows, float32 [rows, action]; it shares their memory.</returns>
    /// <exception cref="ArgumentException">The rows are not float32 [rows, <see cref="Width"/>].</exception>
    public Tensor Action(Tensor rows) => Narrow(rows, ActionOffset, ActionSize);

    /// <summary>Observations and actions side by side, which a dynamics model and a critic read.</summary>
    /// <param name="rows">Transitions, float32 [rows, <see cref="Width"/>].</param>
    /// <returns>A view of the rows, float32 [rows, observation + action]; it shares their memory.</returns>
    /// <exception cref="ArgumentException">The rows are not float32 [rows, <see cref="Width"/>].</exception>
    public Tensor ObservationAction(Tensor rows) => Narrow(rows, 0, ObservationSize + ActionSize);

    /// <summary>The rewards of transitions.</summary>
    /// <param name="rows">Transitions, float32 [rows, <see cref="Width"/>].</param>
    /// <returns>A view of the rows, float32 [rows]; it shares their memory.</returns>
    /// <exception cref="ArgumentException">The rows are not float32 [rows, <see cref="Width"/>].</exception>
    public Tensor Reward(Tensor rows) => Select(rows, RewardOffset);

    /// <summary>The observations after the steps.</summary>
    /// <param name="rows">Transitions, float32 [rows, <see cref="Width"/>].</param>
    /// <returns>A view of the rows, float32 [rows, observation]; it shares their memory.</returns>
    /// <exception cref="ArgumentException">The rows are not float32 [rows, <see cref="Width"/>].</exception>
    public Tensor NextObservation(Tensor rows) => Narrow(rows, NextObservationOffset, ObservationSize);

    /// <summary>Whether the task ended with each transition.</summary>
    /// <param name="rows">Transitions, float32 [rows, <see cref="Width"/>].</param>
    /// <returns>A view of the rows, float32 [rows], 0 or 1; it shares their memory.</returns>
    /// <exception cref="ArgumentException">The rows are not float32 [rows, <see cref="Width"/>].</exception>
    public Tensor Terminated(Tensor rows) => Select(rows, TerminatedOffset);

    /// <summary>Whether only the clock ended the episode with each transition.</summary>
    /// <param name="rows">Transitions, float32 [rows, <see cref="Width"/>].</param>
    /// <returns>A view of the rows, float32 [rows], 0 or 1; it shares their memory.</returns>
    /// <exception cref="ArgumentException">The rows are not float32 [rows, <see cref="Width"/>].</exception>
    public Tensor Truncated(Tensor rows) => Select(rows, TruncatedOffset);

    private Tensor Narrow(Tensor rows, int start, int length) => TensorCheck.Matrix(rows, Width).narrow(1, start, length);

    private Tensor Select(Tensor rows, int column) => TensorCheck.Matrix(rows, Width).select(1, column);
}
