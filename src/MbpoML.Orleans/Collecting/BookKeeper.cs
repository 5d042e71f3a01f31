namespace MbpoML.Orleans.Collecting;

/// <summary>Counts what becomes of calls, on several threads at once.</summary>
internal sealed class BookKeeper
{
    private long _asked, _delivered, _failed, _cancelled, _dropped, _replayed, _handOvers;

    /// <summary>What was counted so far.</summary>
    public CollectorBooks Books => new(
        Interlocked.Read(ref _asked), Interlocked.Read(ref _delivered), Interlocked.Read(ref _failed), Interlocked.Read(ref _cancelled),
        Interlocked.Read(ref _dropped), Interlocked.Read(ref _replayed), Interlocked.Read(ref _handOvers));

    public void Ask() => Interlocked.Increment(ref _asked);

    public void Cancel() => Interlocked.Increment(ref _cancelled);

    public void Drop() => Interlocked.Increment(ref _dropped);

    public void HandOver() => Interlocked.Increment(ref _handOvers);

    public void Replay(int moves) => Interlocked.Add(ref _replayed, moves);

    /// <summary>The answer to a call that was asked for.</summary>
    public void Take(SimulatorAnswer answer) => Interlocked.Increment(ref answer.Failure is null ? ref _delivered : ref _failed);
}
