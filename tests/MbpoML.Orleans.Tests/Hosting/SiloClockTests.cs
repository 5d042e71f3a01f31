using MbpoML.Orleans.Hosting;

namespace MbpoML.Orleans.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SiloClockTests : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(200);

    private readonly ManualTime _time = new();
    private readonly List<int> _seen = [];

    public void Dispose() => _time.Dispose();

    [Test]
    public void What_was_due_since_the_last_burst_is_called_with_the_times_at_which_it_was_due()
    {
        using var timer = Timer(_period, _period);
        _time.Advance(1003);
        _time.Fire();
        Assert.That(_seen, Is.EqualTo(new[] { 200, 400, 600, 800, 1000 }));
        _time.Advance(1000);
        _time.Fire();
        Assert.That(_seen.Skip(5), Is.EqualTo(new[] { 1200, 1400, 1600, 1800, 2000 }));
    }

    // The detector of Orleans takes a call that comes later than it was due for a stall.
    [Test]
    public void A_burst_that_comes_late_is_seen_as_late()
    {
        using var timer = Timer(_period, _period);
        _time.Advance(2300);
        _time.Fire();
        Assert.That(_seen, Is.EqualTo(new[] { 200, 400, 600, 800, 1000, 2300 }));
        _time.Advance(1000);
        _time.Fire();
        Assert.That(_seen.Skip(6), Is.EqualTo(new[] { 2500, 2700, 2900, 3100, 3300 }));
    }

    [Test]
    public void Outside_of_a_call_the_time_is_that_of_the_system()
    {
        var clock = new SiloClock(_time);
        using var timer = clock.CreateTimer(_ => throw new InvalidOperationException("planted"), null, _period, _period);
        _time.Advance(1100);
        Assert.That(_time.Fire, Throws.InvalidOperationException);
        Assert.That(clock.GetTimestamp(), Is.EqualTo(_time.GetTimestamp()));
        Assert.That(clock.GetUtcNow(), Is.EqualTo(_time.GetUtcNow()));
    }

    [TestCase(100, -1, TestName = "A_timer_that_ends_once_is_the_system's")]
    [TestCase(1000, 1000, TestName = "A_slow_timer_is_the_system's")]
    [TestCase(0, 100, TestName = "A_timer_that_begins_at_once_is_the_system's")]
    public void Others_are_the_systems(int due, int period)
    {
        using var timer = Timer(TimeSpan.FromMilliseconds(due), TimeSpan.FromMilliseconds(period));
        Assert.That((_time.Due, _time.Period), Is.EqualTo((TimeSpan.FromMilliseconds(due), TimeSpan.FromMilliseconds(period))));
    }

    [Test]
    public void A_timer_that_is_stopped_or_gone_calls_no_more()
    {
        var timer = Timer(_period, _period);
        _time.Advance(400);
        Assert.That(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), Is.True);
        _time.Fire();
        Assert.That(_seen, Is.Empty);
        Assert.That(timer.Change(_period * 2, _period * 2), Is.True);
        _time.Advance(1000);
        _time.Fire();
        Assert.That(_seen, Is.EqualTo(new[] { 800, 1200 }));
        timer.Dispose();
        Assert.That(_time.IsGone, Is.True);
    }

    private ITimer Timer(TimeSpan due, TimeSpan period)
    {
        var clock = new SiloClock(_time);
        return clock.CreateTimer(_ => _seen.Add((int)TimeSpan.FromTicks(clock.GetTimestamp()).TotalMilliseconds), null, due, period);
    }

    // One timer, which ends when a test says so.
    private sealed class ManualTime : TimeProvider, ITimer
    {
        private TimerCallback? _callback;
        private long _now;

        public TimeSpan Due { get; private set; }

        public TimeSpan Period { get; private set; }

        public bool IsGone { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now);

        public void Advance(int milliseconds) => _now += TimeSpan.FromMilliseconds(milliseconds).Ticks;

        public void Fire() => _callback!(null);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, Due, Period) = (callback, dueTime, period);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (Due, Period) = (dueTime, period);
            return true;
        }

        public void Dispose() => IsGone = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
