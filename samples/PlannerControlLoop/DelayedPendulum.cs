using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;

namespace PlannerControlLoop;

/// <summary>
/// The pendulum behind a loop that sends an action one period after it was decided. The action on its way is observed: without it, equal observations would
/// lead to different futures.
/// </summary>
internal sealed class DelayedPendulum : EnvironmentWrapper, IObservableEnvironment
{
    private readonly PendulumEnvironment _pendulum;
    private double _onItsWay;

    public DelayedPendulum()
        : this(new PendulumEnvironment())
    {
    }

    private DelayedPendulum(PendulumEnvironment pendulum)
        : base(pendulum)
    {
        _pendulum = pendulum;
        var (seen, torque) = (pendulum.ObservationSpace, pendulum.ActionSpace);
        ObservationSpace = new BoxSpace([.. seen.Low, torque.Low[0]], [.. seen.High, torque.High[0]]).Named([.. seen.Names!, "torque on its way"]);
    }

    public override BoxSpace ObservationSpace { get; }

    public override int StateSize => base.StateSize + 1;

    /// <summary>The numbers that the pendulum itself shows.</summary>
    public int Seen => _pendulum.ObservationSpace.Size;

    public override void Reset(int seed, Span<double> observation)
    {
        base.Reset(seed, observation[..Seen]);
        observation[Seen] = _onItsWay = 0;
    }

    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        var result = base.Step([_onItsWay], observation[..Seen]);
        observation[Seen] = _onItsWay = Math.Clamp(action[0], ActionSpace.Low[0], ActionSpace.High[0]);
        return result;
    }

    public override void GetState(Span<double> state)
    {
        base.GetState(state[..^1]);
        state[^1] = _onItsWay;
    }

    public override void SetState(ReadOnlySpan<double> state)
    {
        base.SetState(state[..^1]);
        _onItsWay = state[^1];
    }

    // For a planner that imagines with the equations.
    public void FindState(ReadOnlySpan<double> observation, Span<double> state)
    {
        _pendulum.FindState(observation[..Seen], state[..^1]);
        state[^1] = observation[Seen];
    }
}
