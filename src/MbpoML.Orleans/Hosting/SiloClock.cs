namespace MbpoML.Orleans.Hosting;

/// <summary>
/// The clock of a silo. A timer that would end many times a second ends once a second here, and makes up for the calls between: each call sees the time
/// at which it was due. Orleans has one that looks ten times a second whether the thread pool stalls. That took a fifth of the processor time of an idle
/// worker.
/// </summary>
/// <param name="system">The clock that this one follows.</param>
internal sealed class SiloClock(TimeProvider system) : TimeProvider
{
    /// <summary>Timers that end more often than this are gathered.</summary>
    public static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    // The time that the calls on this thread see; null for that of the system.
    [ThreadStatic]
    private static long? _seen;

    /// <inheritdoc/>
    public override long TimestampFrequency => system.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    /// <inheritdoc/>
    public override long GetTimestamp() => _seen ?? system.GetTimestamp();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => system.GetUtcNow();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return period <= TimeSpan.Zero || period >= Burst || dueTime != period ? system.CreateTimer(callback, state, dueTime, period)
            : new BurstTimer(system, due => At(due, callback, state), period);
    }

    private static void At(long time, TimerCallback callback, object? state)
    {
        _seen = time;
        try
        {
            callback(state);
        }
        finally
        {
            _seen = null;
        }
    }
}
