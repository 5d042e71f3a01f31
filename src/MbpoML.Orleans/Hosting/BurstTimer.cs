namespace MbpoML.Orleans.Hosting;

/// <summary>A timer that calls in bursts: what was due since the last one, each with the time at which it was due.</summary>
internal sealed class BurstTimer : ITimer
{
    private readonly TimeProvider _clock;
    private readonly Action<long> _call;
    private readonly Lock _turn = new();
    private readonly ITimer _timer;
    private long _period, _lastBurst, _lastDue;

    /// <param name="clock">The clock.</param>
    /// <param name="call">Is called with the time stamp at which it was due.</param>
    /// <param name="period">The time between two calls, shorter than <see cref="SiloClock.Burst"/>.</param>
    public BurstTimer(TimeProvider clock, Action<long> call, TimeSpan period)
    {
        (_clock, _call) = (clock, call);
        _period = Stamps(period);
        _lastBurst = _lastDue = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => Call(), null, SiloClock.Burst, SiloClock.Burst);
    }

    /// <inheritdoc/>
    /// <remarks>Both times become <paramref name="period"/>; an infinite one stops the timer.</remarks>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_turn)
        {
            _period = Stamps(period);
            _lastBurst = _lastDue = _clock.GetTimestamp();
        }

        return period > TimeSpan.Zero ? _timer.Change(SiloClock.Burst, SiloClock.Burst) : _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Call()
    {
        lock (_turn)
        {
            var now = _clock.GetTimestamp();
            // Until this burst was due nothing is known to have been late. What should have come after that comes now, so that a stall is seen as one.
            var expected = Math.Min(now, _lastBurst + Stamps(SiloClock.Burst));
            for (; _period > 0 && _lastDue + _period <= expected; _lastDue += _period) _call(_lastDue + _period);
            _lastBurst = now;
            if (_period <= 0 || now - _lastDue < 2 * _period) return;
            _call(now);
            _lastDue = now;
        }
    }

    private long Stamps(TimeSpan time) => (long)(time.TotalSeconds * _clock.TimestampFrequency);
}
