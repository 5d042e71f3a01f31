using MbpoML.Environments;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Orleans.Collecting;

/// <summary>One simulator at a collector and the calls for it, which come one at a time. The work is done outside of the scheduler of the grains.</summary>
/// <param name="make">The function that makes the environment of an order.</param>
/// <param name="seats">The places of the worker for simulators.</param>
/// <param name="patience">The time after which a call is answered even where the work goes on: the answer is a sign of life.</param>
/// <param name="clock">The clock by which the patience is measured.</param>
internal sealed class CollectorDesk(Func<SimulatorOrder, IEnvironment> make, CollectorSeats seats, TimeSpan patience, TimeProvider clock)
{
    // One thread makes every call of an environment, and no call is cut short: that is the trainer's to decide.
    private static readonly TimeSpan _longestStep = TimeSpan.FromDays(24);

    private Simulator? _simulator;
    private CollectorCall? _call;
    private Task<SimulatorAnswer?> _work = Task.FromResult<SimulatorAnswer?>(null);
    private long _epoch;

    /// <summary>Answers a call.</summary>
    public async Task<CollectorReply> CallAsync(CollectorCall call)
    {
        if (call.Epoch < _epoch) return new CollectorReply(CollectorStanding.Old);
        _epoch = call.Epoch;
        if (!call.IsSame(_call))
        {
            if (await IsAtWorkAsync().ConfigureAwait(false)) return new CollectorReply(CollectorStanding.AtWork);
            if (_simulator is null && call.Log is null) return new CollectorReply(CollectorStanding.Unknown);
            if (_simulator is null && !seats.TryTake()) return new CollectorReply(CollectorStanding.Full);
            (_call, _work) = (call, Task.Run(() => Work(call)));
        }

        if (await IsAtWorkAsync().ConfigureAwait(false)) return new CollectorReply(CollectorStanding.AtWork);
        return await _work.ConfigureAwait(false) is { } answer ? new CollectorReply(CollectorStanding.Answered, answer)
            : new CollectorReply(CollectorStanding.Unknown);
    }

    /// <summary>Gives the simulator back, as soon as it is not at work.</summary>
    /// <param name="epoch">The epoch of whoever does not need it any more; an old one changes nothing.</param>
    public async Task CloseAsync(long epoch)
    {
        if (epoch < _epoch) return;
        await _work.ConfigureAwait(false);
        _call = null;
        if (Interlocked.Exchange(ref _simulator, null) is not { } simulator) return;
        seats.Return();
        simulator.Dispose();
    }

    private async Task<bool> IsAtWorkAsync()
    {
        if (!_work.IsCompleted) await Task.WhenAny(_work, Task.Delay(patience, clock)).ConfigureAwait(false);
        return !_work.IsCompleted;
    }

    private SimulatorAnswer? Work(CollectorCall call)
    {
        try
        {
            _simulator ??= new Simulator(make(call.Order!).WithStepTimeout(_longestStep));
            return _simulator.Answer(call);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // No environment was made: nobody sits there.
            if (_simulator is null) seats.Return();
            return new SimulatorAnswer(call.Number, []) { Failure = $"{exception.GetType().Name}: {exception.Message}" };
        }
    }
}
