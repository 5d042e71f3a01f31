namespace MbpoML.Orleans.Collecting;

/// <summary>
/// The trainer's side of a simulator: each move is asked for until its answer is there, at one collector or, where that is gone, at another one that is put
/// where the simulator was.
/// </summary>
/// <param name="mark">The mark that tells the simulator from all others.</param>
/// <param name="order">The order by which a collector makes the simulator.</param>
/// <param name="link">The finder, the times and the counts that all simulators of a trainer share.</param>
internal sealed class RemoteSimulator(string mark, SimulatorOrder order, CollectorLink link)
{
    private SimulatorLog _log = SimulatorLog.Empty;
    private ICollector? _collector;
    private long _epoch;
    private long _lastSign;
    // Whether the collector has the simulator, as far as is known.
    private bool _isThere;
    private bool _isWaiting;
    private bool _isSilent;

    /// <summary>Whether a step can follow.</summary>
    public bool IsBegun => _log.IsBegun;

    /// <summary>Moves that another collector would do once more.</summary>
    public int Unsaved => _log.Moves.Count;

    /// <summary>Does a move once.</summary>
    /// <param name="move">The reset or the step that is done.</param>
    /// <param name="wantsState">Whether the state after it is kept, so that what came before need never be done once more.</param>
    /// <exception cref="OperationCanceledException">Waiting was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The environment threw.</exception>
    public SimulatorAnswer Do(SimulatorMove move, bool wantsState)
    {
        _log = _log.With(move);
        link.Books.Ask();
        try
        {
            var answer = Wait(move, wantsState);
            link.Books.Take(answer);
            if (answer.State is { } state) _log = _log.At(state);
            return Whole(answer);
        }
        catch (OperationCanceledException)
        {
            link.Books.Cancel();
            throw;
        }
    }

    /// <summary>The state after the last move.</summary>
    /// <exception cref="InvalidOperationException">The environment threw.</exception>
    public double[] GetState()
    {
        if (_log is { State: { } known, Moves.Count: 0 }) return known;
        var state = Whole(Wait(null, wantsState: true)).State!;
        _log = _log.At(state);
        return state;
    }

    /// <summary>Puts the simulator into a state.</summary>
    /// <exception cref="InvalidOperationException">The environment threw.</exception>
    public void SetState(double[] state)
    {
        (_log, _isThere) = (new SimulatorLog(_log.Until + 1, state, []), false);
        Whole(Wait(null, wantsState: false));
    }

    /// <summary>Gives the simulator back, without waiting.</summary>
    public void Close() => Leave();

    private static SimulatorAnswer Whole(SimulatorAnswer answer) =>
        answer.Failure is { } failure ? throw new InvalidOperationException($"At its collector it threw {failure}") : answer;

    private SimulatorAnswer Wait(SimulatorMove? move, bool wantsState) => AskAsync(move, wantsState).GetAwaiter().GetResult();

    private async Task<SimulatorAnswer> AskAsync(SimulatorMove? move, bool wantsState)
    {
        while (true)
        {
            if (_collector is null && !await FindAsync().ConfigureAwait(false))
            {
                await link.PauseAsync().ConfigureAwait(false);
                continue;
            }

            var call = new CollectorCall(_epoch, _log.Until, _isThere ? move : null, _isThere ? null : _log, wantsState) { Order = _isThere ? null : order };
            var reply = await ReplyAsync(_collector!, call).ConfigureAwait(false);
            switch (reply?.Standing)
            {
                case CollectorStanding.Answered when reply.Answer is { } answer && answer.Number == call.Number:
                    if (call.Log is { } log) link.Books.Replay(log.Moves.Count - (move is null ? 0 : 1));
                    _isThere = true;
                    return answer;
                case CollectorStanding.AtWork:
                    // A step that is under way is brought to its end, as that of an environment here: then a stopped run can go on from it.
                    break;
                case CollectorStanding.Unknown when _isThere:
                    // Its worker was begun anew, or had not heard of the simulator for long.
                    Begin(_collector!);
                    break;
                default:
                    if (reply is not null || !await MayLiveAsync(_collector!).ConfigureAwait(false)) Leave();
                    await link.PauseAsync().ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task<bool> FindAsync()
    {
        link.Stop.ThrowIfCancellationRequested();
        try
        {
            if (await link.Finder.FindAsync(mark).WaitAsync(link.LeaseTime, link.Clock, link.Stop).ConfigureAwait(false) is { } found)
            {
                Begin(found);
                return true;
            }

            if (!_isWaiting) link.Say($"No collector has room for {order.Task}, and the run waits for one.");
            _isWaiting = true;
        }
        catch (Exception exception)
        {
            link.Stop.ThrowIfCancellationRequested();
            link.Say($"The cluster gives no answer, and is asked again: {Notes.Of(exception)}");
        }

        return false;
    }

    // With a new epoch, so that nothing of the one before counts any more.
    private void Begin(ICollector collector)
    {
        (_collector, _isThere, _isWaiting, _isSilent, _lastSign) = (collector, false, false, false, link.Clock.GetTimestamp());
        if (++_epoch == 1) return;
        link.Books.HandOver();
        link.Say(Invariant($"A simulator of {order.Task} goes on at {collector.Worker}, epoch {_epoch}, from move {_log.From}."));
    }

    private async Task<CollectorReply?> ReplyAsync(ICollector collector, CollectorCall call)
    {
        var reply = collector.CallAsync(call);
        try
        {
            var told = await reply.WaitAsync(link.LeaseTime, link.Clock).ConfigureAwait(false);
            (_lastSign, _isSilent) = (link.Clock.GetTimestamp(), false);
            return told;
        }
        catch (Exception)
        {
            // Nothing was heard for a whole time of a lease, whatever two clocks say of its last part of a millisecond.
            _isSilent = !reply.IsCompleted;
            // Whether the move was done is not known: it is asked for again, and done once.
            _ = CountLateAsync(reply);
            return null;
        }
    }

    private async Task CountLateAsync(Task<CollectorReply> reply)
    {
        try
        {
            if ((await reply.ConfigureAwait(false)).Standing == CollectorStanding.Answered) link.Books.Drop();
        }
        catch (Exception)
        {
            // It never came.
        }
    }

    private async Task<bool> MayLiveAsync(ICollector collector)
    {
        if (_isSilent || link.Clock.GetElapsedTime(_lastSign) >= link.LeaseTime) return false;
        try
        {
            return await link.Finder.LivesAsync(collector).WaitAsync(link.LeaseTime, link.Clock, link.Stop).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return true;
        }
    }

    // What it still does is of an old epoch from now on.
    private void Leave()
    {
        if (_collector is { } collector) _ = CloseAsync(collector, _epoch);
        (_collector, _isThere) = (null, false);
    }

    private static async Task CloseAsync(ICollector collector, long epoch)
    {
        try
        {
            await collector.CloseAsync(epoch).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is gone, and its simulator with it.
        }
    }
}
