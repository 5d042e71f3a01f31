using MbpoML.Environments;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Orleans.Collecting;

/// <summary>An environment at a collector, of which each numbered move is done once.</summary>
/// <param name="environment">The environment; it is disposed with this object.</param>
internal sealed class Simulator(IEnvironment environment) : IDisposable
{
    private long _number;
    private SimulatorAnswer? _last;

    /// <summary>Answers a call.</summary>
    /// <returns>Null where the simulator is not at the move before: it has to be begun anew with the log.</returns>
    public SimulatorAnswer? Answer(CollectorCall call)
    {
        if (call.Log is { } log) Begin(log);
        else if (call.Number == _number + 1 && call.Move is { } move && _last is not null) Make(move);
        if (call.Number != _number || _last is null) return null;
        if (call.WantsState && _last is { State: null, Failure: null }) _last = WithState(_last);
        return _last;
    }

    /// <inheritdoc/>
    public void Dispose() => environment.Dispose();

    private void Begin(SimulatorLog log)
    {
        (_number, _last) = (log.From, new SimulatorAnswer(log.From, []));
        if (log.State is { } state && Failure(() => Stateful.SetState(state)) is { } failure) _last = _last with { Failure = failure };
        foreach (var move in log.Moves)
        {
            if (_last.Failure is not null && !move.IsReset)
            {
                // What cannot be put back cannot be gone on with.
                _last = _last with { Number = log.Until };
                break;
            }

            Make(move);
        }

        _number = log.Until;
    }

    private void Make(SimulatorMove move)
    {
        _number++;
        var observation = new double[environment.ObservationSpace.Size];
        // A dimension that the environment forgets to write must not look like a number.
        Array.Fill(observation, double.NaN);
        StepResult result = default;
        var failure = Failure(() =>
        {
            if (move.Action is { } action) result = environment.Step(action, observation);
            else environment.Reset(move.Seed, observation);
        });
        _last = new SimulatorAnswer(_number, observation, result.Reward, result.Terminated, result.Truncated) { Failure = failure };
    }

    private SimulatorAnswer WithState(SimulatorAnswer answer)
    {
        double[] state = [];
        var failure = Failure(() => Stateful.GetState(state = new double[Stateful.StateSize]));
        return failure is null ? answer with { State = state } : answer with { Failure = failure };
    }

    private IStatefulEnvironment Stateful => environment.AsStateful() ?? throw new NotSupportedException($"{environment.GetType().Name} has no state.");

    private static string? Failure(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }
}
