using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>The true equations as a dynamics model: each row puts an environment into the state that is observed, and makes one step.</summary>
/// <remarks>For planners and for comparisons with a learned model. Rows that are not finite give rows that are no number. One thread steps at a time.</remarks>
public sealed class EnvironmentDynamicsModel : IDynamicsModel
{
    private readonly Lock _turn = new();
    private readonly IStatefulEnvironment _environment;
    private readonly StateFromObservation _find;
    private readonly double[] _state, _observation, _action;

    /// <summary>The equations of an environment.</summary>
    /// <param name="environment">Makes the steps; stays the caller's, and is used for nothing else meanwhile.</param>
    /// <param name="findState">Finds the state of an observation. Default: as an <see cref="IObservableEnvironment"/> says.</param>
    /// <exception cref="ArgumentException">The environment has no state, or nothing tells it from an observation.</exception>
    public EnvironmentDynamicsModel(IEnvironment environment, StateFromObservation? findState = null)
    {
        environment.RequireSpaces();
        _environment = environment.AsStateful() ?? throw new ArgumentException(
            $"{environment.GetType().Name} is no {nameof(IStatefulEnvironment)}, but its state must be set for each row.", nameof(environment));
        _find = findState ?? (environment as IObservableEnvironment is { } observable ? observable.FindState : throw new ArgumentException(
            $"{environment.GetType().Name} is no {nameof(IObservableEnvironment)}, so that nothing tells its state from an observation: give findState.",
            nameof(environment)));
        Layout = new TransitionLayout(environment.ObservationSpace.Size, environment.ActionSpace.Size);
        (_state, _observation) = (new double[_environment.StateSize], new double[Layout.ObservationSize]);
        _action = new double[Layout.ActionSize];
    }

    /// <inheritdoc/>
    public TransitionLayout Layout { get; }

    /// <inheritdoc/>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        TensorCheck.Matrix(observation, Layout.ObservationSize);
        TensorCheck.Matrix(action, Layout.ActionSize);
        TensorCheck.Alive(generator);
        var rows = (int)observation.size(0);
        if (action.size(0) != rows)
            throw new ArgumentException(Invariant($"There are {rows} observations, but {action.size(0)} actions; give one a row."), nameof(action));
        using var scope = NewDisposeScope();
        var (observations, actions) = (observation.cpu().contiguous(), action.cpu().contiguous());
        var (next, reward, terminated) = (empty_like(observations), empty(rows, ScalarType.Float32), zeros(rows, ScalarType.Bool));
        lock (_turn)
        {
            for (var row = 0; row < rows; row++)
                Step(row, observations.Floats(), actions.Floats(), next.Floats(), reward.Floats(), terminated.bytes);
        }

        var device = observation.device;
        return new DynamicsSample(
            next.to(device).MoveToOuterDisposeScope(), reward.to(device).MoveToOuterDisposeScope(), terminated.to(device).MoveToOuterDisposeScope());
    }

    private void Step(int row, ReadOnlySpan<float> observations, ReadOnlySpan<float> actions, Span<float> next, Span<float> reward, Span<byte> terminated)
    {
        var (size, actionSize) = (Layout.ObservationSize, Layout.ActionSize);
        var isFinite = Widen(observations.Slice(row * size, size), _observation) & Widen(actions.Slice(row * actionSize, actionSize), _action);
        if (!isFinite)
        {
            next.Slice(row * size, size).Fill(float.NaN);
            reward[row] = float.NaN;
            return;
        }

        _find(_observation, _state);
        _environment.SetState(_state);
        var result = _environment.Step(_action, _observation);
        for (var index = 0; index < size; index++) next[(row * size) + index] = (float)_observation[index];
        (reward[row], terminated[row]) = ((float)result.Reward, result.Terminated ? (byte)1 : (byte)0);
    }

    private static bool Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        var isFinite = true;
        for (var index = 0; index < from.Length; index++)
        {
            to[index] = from[index];
            isFinite &= float.IsFinite(from[index]);
        }

        return isFinite;
    }
}
