using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Tests.Leases;

public class TrialLedgerTests
{
    private const int Steps = 300;
    private static readonly WorkerSlot _one = new("one", "S1"), _other = new("other", "S2");

    [Test]
    public void Each_lease_has_a_higher_epoch_and_ends_the_one_before()
    {
        var first = TrialLedger.Lease(new TrialRecord(), Order(), _one);
        var second = TrialLedger.Lease(first, Order(), _other);
        Assert.Multiple(() =>
        {
            Assert.That((first.Epoch, second.Epoch), Is.EqualTo((1, 2)));
            Assert.That(TrialLedger.Holds(first, 1));
            Assert.That(TrialLedger.Holds(second, 1), Is.False);
            Assert.That(TrialLedger.Holds(second, 2));
            Assert.That(second.Leases, Is.EqualTo(2));
        });
    }

    [Test]
    public void A_checkpoint_of_an_old_epoch_never_counts()
    {
        var second = TrialLedger.Lease(TrialLedger.Lease(new TrialRecord(), Order(), _one), Order(), _other);
        Assert.Multiple(() =>
        {
            Assert.That(() => TrialLedger.Promote(second, 1, Checkpoint(1, 100), steps: 0), Throws.InvalidOperationException.With.Message.Contains("epoch 1"));
            Assert.That(() => TrialLedger.Promote(second, 2, Checkpoint(1, 100), steps: 0), Throws.InvalidOperationException);
            Assert.That(() => TrialLedger.Return(second, 1, Steps, Finished(1)), Throws.InvalidOperationException);
            Assert.That(TrialLedger.Promote(second, 2, Checkpoint(2, 100), steps: 0).Checkpoint, Is.EqualTo(Checkpoint(2, 100)));
        });
    }

    [Test]
    public void An_older_checkpoint_of_the_same_epoch_changes_nothing()
    {
        var leased = TrialLedger.Promote(TrialLedger.Lease(new TrialRecord(), Order(), _one), 1, Checkpoint(1, 200), steps: 0);
        Assert.That(TrialLedger.Promote(leased, 1, Checkpoint(1, 100), steps: 0), Is.SameAs(leased));
    }

    [Test]
    public void Steps_behind_the_checkpoint_with_which_the_next_lease_begins_are_counted_as_done_twice()
    {
        var first = TrialLedger.Promote(TrialLedger.Lease(new TrialRecord(), Order(), _one), 1, Checkpoint(1, 200), steps: 250);
        var second = TrialLedger.Lease(first, Order(), _other, told: 290);
        var third = TrialLedger.Lease(TrialLedger.Promote(second, 2, Checkpoint(2, 300), steps: 340), Order(), _one);
        var saved = TrialLedger.Return(third, 3, Steps, new TrialReturn(TrialEnding.Released, null, null, Checkpoint(3, 410)));
        var fourth = TrialLedger.Lease(saved, Order(), _one);
        Assert.That(new[] { first, second, third, fourth }.Select(record => record.Repeated), Is.EqualTo(new long[] { 0, 90, 130, 130 }));
    }

    [Test]
    public void A_finished_run_is_over_until_more_steps_are_asked_for()
    {
        var done = TrialLedger.Return(TrialLedger.Lease(new TrialRecord(), Order(), _one), 1, Steps, Finished(1));
        Assert.Multiple(() =>
        {
            Assert.That((done.DoneSteps, done.DoneEpoch, done.Value, done.Finishes, done.Owner), Is.EqualTo((Steps, 1L, -12.5, 1, (WorkerSlot?)null)));
            Assert.That(TrialLedger.IsOver(done, Steps));
            Assert.That(TrialLedger.IsOver(done, Steps + 1), Is.False);
        });
    }

    [Test]
    public void A_run_that_fails_three_times_at_the_same_checkpoint_has_failed_and_its_message_is_kept()
    {
        var record = new TrialRecord();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.That(TrialLedger.IsOver(record, Steps), Is.False, $"before attempt {attempt}");
            record = TrialLedger.Return(TrialLedger.Lease(record, Order(), _one), attempt, Steps, new TrialReturn(TrialEnding.Failed, null, "NaN.", null));
        }

        Assert.That((record.Failure, TrialLedger.IsOver(record, Steps)), Is.EqualTo(("NaN.", true)));
    }

    [Test]
    public void Failures_with_a_newer_checkpoint_between_them_do_not_add_up()
    {
        var record = new TrialRecord();
        for (var epoch = 1; epoch <= 6; epoch++)
            record = TrialLedger.Return(
                TrialLedger.Lease(record, Order(), _one), epoch, Steps, new TrialReturn(TrialEnding.Failed, null, "Killed.", Checkpoint(epoch, 10 * epoch)));
        Assert.That((record.Failures, record.Failure), Is.EqualTo((1, (string?)null)));
    }

    [TestCase(1)]
    [TestCase(0)]
    public void A_stop_of_the_worker_and_a_full_store_are_no_failures(int full)
    {
        var record = new TrialRecord();
        for (var epoch = 1; epoch <= 5; epoch++)
            record = TrialLedger.Return(TrialLedger.Lease(record, Order(), _one), epoch, Steps,
                new TrialReturn(full == 1 ? TrialEnding.StoreFull : TrialEnding.Released, null, null, null));
        Assert.That((record.Failures, record.Failure, record.Owner), Is.EqualTo((0, (string?)null, (WorkerSlot?)null)));
    }

    [Test]
    public void Another_life_of_the_study_keeps_nothing_but_the_epoch()
    {
        var done = TrialLedger.Return(TrialLedger.Lease(new TrialRecord(), Order(), _one), 1, Steps, Finished(1));
        var other = TrialLedger.Lease(done, Order() with { Life = "b" }, _other);
        Assert.That(other, Is.EqualTo(new TrialRecord { Life = "b", Epoch = 2, Owner = _other, Leases = 1 }));
    }

    // Whatever the order of events: a model of the rules that keeps every promise of the ledger beside it.
    [Test]
    public void Whatever_happens_at_most_one_epoch_holds_and_only_it_is_counted([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var record = new TrialRecord();
        var counted = 0;
        for (var move = 0; move < 300; move++)
        {
            var epoch = Math.Max(1, record.Epoch - random.Next(3));
            var before = record;
            try
            {
                record = random.Next(4) switch
                {
                    0 when !TrialLedger.IsOver(record, Steps) => TrialLedger.Lease(record, Order(), random.Next(2) == 0 ? _one : _other),
                    1 => TrialLedger.Promote(record, epoch, Checkpoint(epoch, random.Next(300)), steps: 0),
                    2 when random.Next(10) == 0 => TrialLedger.Return(record, epoch, Steps, Finished(epoch)),
                    _ => record,
                };
                if (!ReferenceEquals(before, record) && record.Epoch == before.Epoch)
                    Assert.That(epoch, Is.EqualTo(before.Epoch), "only the newest epoch changes anything");
            }
            catch (InvalidOperationException)
            {
                Assert.That(TrialLedger.Holds(before, epoch), Is.False, "only what does not hold is refused");
            }

            counted = record.Finishes;
            Assert.That(record.Epoch, Is.GreaterThanOrEqualTo(before.Epoch));
            Assert.That(record.Checkpoint?.Step ?? 0, Is.GreaterThanOrEqualTo(before.Checkpoint?.Step ?? 0));
        }

        Assert.That(counted, Is.LessThanOrEqualTo(1), "counted once");
    }

    private static TrialOrder Order() => new(new StudyTask("study", 0, 1, IsFinal: false), "a", Steps, "{}");

    private static TrialReturn Finished(long epoch) => new(TrialEnding.Finished, -12.5, null, Checkpoint(epoch, Steps));

    private static PromotedCheckpoint Checkpoint(long epoch, long step) => new(epoch, $"step-{step:D12}.checkpoint", step, "00");
}
