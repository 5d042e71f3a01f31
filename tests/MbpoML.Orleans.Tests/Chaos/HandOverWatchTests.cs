namespace MbpoML.Orleans.Tests.Chaos;

[Platform("Linux", Reason = "Paths are those of Linux, as for the benchmark whose part it is.")]
public class HandOverWatchTests
{
    private const string Run = "trial-003/seed-1";
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1), _short = TimeSpan.FromSeconds(0.3);
    private TaskCompletionSource _study = null!;
    private TemporaryFolder _store = null!;
    private JumpingClock _clock = null!;

    [SetUp]
    public void Begin() => (_store, _study, _clock) = (new TemporaryFolder(), new TaskCompletionSource(), new JumpingClock());

    [TearDown]
    public void End() => _store.Dispose();

    [Test]
    public async Task A_hand_over_that_never_comes_is_lost_and_counts_as_long_as_it_was_waited_for()
    {
        Folder(1);
        var watch = Watch(_short);
        await watch.EndAsync();
        var lost = watch.Seen.Single();
        Assert.Multiple(() =>
        {
            Assert.That((lost.IsLost, watch.Due), Is.EqualTo((true, 1)));
            Assert.That(new[] { lost.Lease, lost.Training }, Is.All.EqualTo(_short.TotalSeconds).Within(1e-6));
        });
    }

    [Test]
    public async Task What_the_store_has_of_a_lost_run_is_told()
    {
        Folder(1);
        File.WriteAllText(Path.Combine(Folder(2, metrics: "{}\n"), "report.json"), "{ \"status\": \"failed\" }");
        var told = new List<string>();
        await Watch(_short, told.Add).EndAsync();
        Assert.That(told, Is.EqualTo(new[] { $"{Run}: no epoch more within 0 s. Its worker had lease 1. The store has: epoch-000001, epoch-000002." }));
    }

    [Test]
    public async Task A_lease_without_an_epoch_more_is_lost_and_its_own_time_is_kept()
    {
        Folder(1);
        Folder(2, metrics: "{}\n");
        var watch = Watch(_short);
        await watch.EndAsync();
        var lost = watch.Seen.Single();
        Assert.Multiple(() =>
        {
            Assert.That(lost.IsLost, Is.True);
            Assert.That(lost.Lease, Is.Zero, "seen at the first look");
            Assert.That(lost.Training, Is.EqualTo(_short.TotalSeconds).Within(1e-6));
        });
    }

    [TestCase("metrics.jsonl", "{}\n{}\n")]
    [TestCase("report.json", """{ "status": "finished" }""")]
    public async Task A_hand_over_is_timed_once_an_epoch_more_is_there_or_the_run_has_ended(string file, string content)
    {
        Folder(1);
        var next = Folder(2, metrics: "{}\n");
        _clock.Jumped = pauses => { if (pauses == 6) File.WriteAllText(Path.Combine(next, file), content); };
        var watch = Watch(_long);
        await watch.EndAsync();
        var seen = watch.Seen.Single();
        Assert.Multiple(() =>
        {
            Assert.That(seen.IsLost, Is.False);
            Assert.That(seen.Training, Is.EqualTo(0.3).Within(1e-6), "after six pauses of 50 ms");
        });
    }

    [Test]
    public async Task Runs_that_need_nobody_any_more_are_not_waited_for()
    {
        File.WriteAllText(Path.Combine(Folder(1), "report.json"), """{ "status": "finished" }""");
        var watch = Watch(_long);
        await watch.EndAsync();
        Assert.That((watch.Due, watch.Seen.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task The_end_of_the_study_ends_the_waiting_and_loses_nothing()
    {
        Folder(1);
        _clock.Jumped = pauses => { if (pauses == 2) _study.SetResult(); };
        var watch = Watch(_long);
        await watch.EndAsync();
        Assert.That((watch.Due, watch.Seen.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void One_long_hand_over_of_twenty_is_within_the_bound_and_two_are_not()
    {
        HandOver[] Of(int lost, int all = 20) => [.. Enumerable.Range(0, all).Select(one => new HandOver("killed", one < lost ? 60 : 1, 60, 0, one < lost))];
        Assert.Multiple(() =>
        {
            Assert.That(HandOver.AreWithin(10, Of(lost: 1)), Is.True);
            Assert.That(HandOver.AreWithin(10, Of(lost: 2)), Is.False);
            // Two of 34 are more than 5 of 100, and passed once.
            Assert.That(HandOver.AreWithin(10, Of(lost: 2, all: 34)), Is.False);
            Assert.That(HandOver.AreWithin(10, Of(lost: 2, all: 40)), Is.True);
            Assert.That(HandOver.AreWithin(10, []), Is.True);
        });
    }

    private HandOverWatch Watch(TimeSpan limit, Action<string>? lost = null)
    {
        var watch = new HandOverWatch(_store.FullName, limit, _clock) { Lost = lost };
        watch.Begun(Run, "worker", 1);
        watch.Begun("trial-003/seed-2", "another", 1);
        watch.Begin("worker", "killed", () => 0, _study.Task);
        return watch;
    }

    private string Folder(int epoch, string? metrics = null)
    {
        var folder = Directory.CreateDirectory(_store["mbpo-cluster", "study", "life", Run, $"epoch-{epoch:D6}"]).FullName;
        if (metrics is null) return folder;
        File.WriteAllText(Path.Combine(folder, "metrics.jsonl"), metrics);
        File.WriteAllText(Path.Combine(folder, "training.lock"), "");
        return folder;
    }

    // Whoever waits has waited at once.
    private sealed class JumpingClock : TimeProvider
    {
        private long _now;
        private int _pauses;

        public Action<int>? Jumped { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                Interlocked.Add(ref _now, dueTime.Ticks);
                Jumped?.Invoke(Interlocked.Increment(ref _pauses));
                callback(state);
            });
            return new Fired();
        }

        private sealed class Fired : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => false;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
