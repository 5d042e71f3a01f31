namespace MbpoML.Orleans.Collecting;

/// <summary>The places of a worker for simulators.</summary>
/// <param name="count">The number of simulators that the worker may step.</param>
internal sealed class CollectorSeats(int count)
{
    private int _taken;

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>How many are taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes one.</summary>
    /// <returns>Whether one was free.</returns>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= count) return true;
        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Gives one back.</summary>
    public void Return() => Interlocked.Decrement(ref _taken);
}
