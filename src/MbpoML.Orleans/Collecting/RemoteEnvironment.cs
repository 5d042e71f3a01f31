using MbpoML.Environments;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Orleans.Collecting;

/// <summary>An environment whose calls are made by a collector. What it is like is told by one of its kind here, which is never stepped.</summary>
internal sealed class RemoteEnvironment : EnvironmentWrapper
{
    // A state may be large, and a move is done quickly once more by comparison.
    private const int MovesBetweenStates = 16;

    private readonly RemoteSimulator _simulator;
    private readonly bool _hasState;

    /// <param name="template">Has the spaces and functions; it is disposed with this object.</param>
    /// <param name="simulator">The simulator at a collector, which makes the calls.</param>
    public RemoteEnvironment(IEnvironment template, RemoteSimulator simulator)
        : base(template) => (_simulator, _hasState) = (simulator, template.AsStateful() is not null);

    /// <inheritdoc/>
    public override void Reset(int seed, Span<double> observation)
    {
        Require(ObservationSpace.Size, observation.Length, nameof(observation));
        // The state after a reset is not needed: the seed gives it.
        _simulator.Do(new SimulatorMove(seed, null), wantsState: false).Observation.CopyTo(observation);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no reset, or the environment threw at its collector.</exception>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Require(ActionSpace.Size, action.Length, nameof(action));
        Require(ObservationSpace.Size, observation.Length, nameof(observation));
        if (!_simulator.IsBegun) throw new InvalidOperationException("The environment must be reset before its first step: call Reset.");
        var answer = _simulator.Do(new SimulatorMove(0, action.ToArray()), _hasState && _simulator.Unsaved >= MovesBetweenStates);
        answer.Observation.CopyTo(observation);
        return new StepResult(answer.Reward, answer.Terminated, answer.Truncated);
    }

    /// <inheritdoc/>
    public override void GetState(Span<double> state)
    {
        Require(StateSize, state.Length, nameof(state));
        if (!_simulator.IsBegun) StatefulInner.GetState(state);
        else _simulator.GetState().CopyTo(state);
    }

    /// <inheritdoc/>
    public override void SetState(ReadOnlySpan<double> state)
    {
        Require(StateSize, state.Length, nameof(state));
        _simulator.SetState(state.ToArray());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _simulator.Close();
        base.Dispose(disposing);
    }

    private static void Require(int expected, int given, string name)
    {
        if (given != expected) throw new ArgumentException(Invariant($"{name} has {given} values, but {expected} are needed."), name);
    }
}
