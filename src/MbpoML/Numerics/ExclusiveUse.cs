namespace MbpoML.Numerics;

/// <summary>
/// Lets one thread in at a time, until the end, and turns a second one and a late one into an exception: with native memory either could end the process.
/// </summary>
/// <param name="owner">The name of the guarded type, for the messages.</param>
internal sealed class ExclusiveUse(string owner)
{
    private const int Free = 0;
    private const int InUse = 1;
    private const int Ended = 2;
    private int _state;

    /// <summary>Takes the turn until the result is disposed. A method that holds it calls no other that takes it.</summary>
    /// <exception cref="InvalidOperationException">Another thread has it.</exception>
    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    public Turn Enter()
    {
        if (Interlocked.CompareExchange(ref _state, InUse, Free) is var state and not Free) throw Refused(state);
        return new Turn(this);
    }

    /// <summary>Refuses every later use.</summary>
    /// <returns>False where it had ended before.</returns>
    /// <exception cref="InvalidOperationException">Another thread has the turn.</exception>
    public bool End()
    {
        var state = Interlocked.CompareExchange(ref _state, Ended, Free);
        return state != InUse ? state == Free : throw Refused(state);
    }

    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    public void ThrowIfEnded()
    {
        if (Volatile.Read(ref _state) == Ended) throw Refused(Ended);
    }

    private InvalidOperationException Refused(int state) => state == Ended
        ? new ObjectDisposedException(owner)
        : new InvalidOperationException(
            $"{owner} is in use by another thread and is not safe for concurrent use; give each thread one of its own, or let them take turns.");

    public readonly ref struct Turn(ExclusiveUse use)
    {
        public void Dispose() => Volatile.Write(ref use._state, Free);
    }
}
