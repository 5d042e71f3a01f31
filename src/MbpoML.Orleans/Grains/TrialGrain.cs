using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Grains;

/// <inheritdoc cref="ITrialGrain"/>
/// <param name="stored">The stored state, which holds the record of the run.</param>
/// <param name="settings">The times of leases, and the clock by which they are measured.</param>
/// <param name="silos">The cluster's list of silos. It says which are dead: their workers have no lease.</param>
internal sealed class TrialGrain([PersistentState("trial")] IPersistentState<StoredText> stored, LeaseSettings settings, ISiloStatusOracle silos)
    : RecordGrain<TrialRecord>(stored), ITrialGrain
{
    // Between two questions for one run: a dead owner is found within it.
    private static readonly TimeSpan LongestBusy = TimeSpan.FromSeconds(0.5);

    // Not kept: an owner gets a whole time of a lease when the grain begins to live elsewhere.
    private long _lastBeat = settings.Clock.GetTimestamp();
    private long _notBefore = long.MinValue;
    // What the owner told last, beside a checkpoint or not: not worth a word to the storage.
    private long _steps;

    /// <inheritdoc/>
    public async Task<LeaseReply> LeaseAsync(TrialOrder order, WorkerSlot slot)
    {
        var record = TrialLedger.OfLife(Record, order.Life);
        if (TrialLedger.IsOver(record, order.Steps)) return new LeaseReply(null, record.Situation, TimeSpan.Zero);
        if (BusyFor(record) is { } busy && busy > TimeSpan.Zero)
            return new LeaseReply(null, record.Situation, busy < LongestBusy ? busy : LongestBusy);
        await WriteAsync(TrialLedger.Lease(record, order, slot, Record.Life == order.Life ? _steps : 0));
        _steps = 0;
        _lastBeat = settings.Clock.GetTimestamp();
        return new LeaseReply(new TrialLease(order, Record.Epoch, Record.Checkpoint), Record.Situation, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public async Task<bool> BeatAsync(long epoch, long steps, PromotedCheckpoint? checkpoint)
    {
        if (!TrialLedger.Holds(Record, epoch)) return false;
        await WriteAsync(TrialLedger.Promote(Record, epoch, checkpoint, steps));
        _steps = steps;
        _lastBeat = settings.Clock.GetTimestamp();
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> ReturnAsync(long epoch, int steps, TrialReturn given)
    {
        // The answer to the first telling may have been lost.
        if (Record.Epoch == epoch && Record.Owner is null) return true;
        if (!TrialLedger.Holds(Record, epoch)) return false;
        await WriteAsync(TrialLedger.Return(Record, epoch, steps, given));
        if (given.Ending is TrialEnding.StoreFull or TrialEnding.Failed)
            _notBefore = settings.Clock.GetTimestamp() + (long)(settings.Pause.TotalSeconds * settings.Clock.TimestampFrequency);
        return true;
    }

    /// <inheritdoc/>
    public Task<TrialSituation> LookAsync(string life) =>
        Task.FromResult(TrialLedger.OfLife(Record, life).Situation with { Steps = Record.Life == life ? _steps : 0 });

    /// <inheritdoc/>
    public Task ForgetAsync() => ClearAsync();

    private TimeSpan? BusyFor(TrialRecord record)
    {
        var now = settings.Clock.GetTimestamp();
        if (now < _notBefore) return settings.Clock.GetElapsedTime(now, _notBefore);
        if (record.Owner is not { } owner || IsDead(owner.Silo)) return null;
        return settings.LeaseTime - settings.Clock.GetElapsedTime(_lastBeat, now);
    }

    private bool IsDead(string silo) => silos.IsDeadSilo(SiloAddress.FromParsableString(silo));
}
