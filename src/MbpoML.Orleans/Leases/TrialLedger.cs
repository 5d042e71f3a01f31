namespace MbpoML.Orleans.Leases;

/// <summary>The rules of leases, as functions of what is kept: the grain of a run writes what they return before it answers.</summary>
internal static class TrialLedger
{
    /// <summary>Failures in a row at the same checkpoint after which a run has failed for good, as in a study on one machine.</summary>
    public const int Attempts = 3;

    /// <summary>Gives a lease of a run that nobody has.</summary>
    /// <param name="record">The record that is kept of the run.</param>
    /// <param name="order">The run that has to be trained, and up to which step.</param>
    /// <param name="slot">The worker that asks for the lease.</param>
    /// <param name="told">The steps that the owner before told last; 0 where nobody remembers.</param>
    public static TrialRecord Lease(TrialRecord record, TrialOrder order, WorkerSlot slot, long told = 0)
    {
        var own = OfLife(record, order.Life);
        var again = Math.Max(0, Math.Max(own.Steps, told) - (own.Checkpoint?.Step ?? 0));
        return own with { Epoch = own.Epoch + 1, Owner = slot, Leases = own.Leases + 1, Steps = 0, Repeated = own.Repeated + again };
    }

    /// <summary>What is kept of this life of the study: of an earlier one the epoch alone.</summary>
    public static TrialRecord OfLife(TrialRecord record, string life) => record.Life == life ? record : new TrialRecord { Life = life, Epoch = record.Epoch };

    /// <summary>Whether a run needs nobody any more, because it has these steps or failed for good.</summary>
    public static bool IsOver(TrialRecord record, int steps) => record.Failure is not null || record.DoneSteps >= steps;

    /// <summary>Whether a lease still holds.</summary>
    public static bool Holds(TrialRecord record, long epoch) => record.Epoch == epoch && record.Owner is not null;

    /// <summary>Takes a checkpoint; an older one than the newest changes nothing.</summary>
    /// <param name="record">The record that is kept of the run.</param>
    /// <param name="epoch">The epoch of the lease.</param>
    /// <param name="checkpoint">The checkpoint; null for none.</param>
    /// <param name="steps">The steps that the run had when its newest checkpoint was looked for.</param>
    /// <exception cref="InvalidOperationException">The lease holds no more: the epoch is an old one.</exception>
    public static TrialRecord Promote(TrialRecord record, long epoch, PromotedCheckpoint? checkpoint, long steps)
    {
        if (!Holds(record, epoch) || (checkpoint is not null && checkpoint.Epoch != epoch))
            throw new InvalidOperationException(Invariant($"The lease of epoch {epoch} holds no more: the run is at epoch {record.Epoch}."));
        return checkpoint is null || checkpoint.Step < (record.Checkpoint?.Step ?? 0) ? record : record with { Checkpoint = checkpoint, Steps = steps };
    }

    /// <summary>Takes a lease back.</summary>
    /// <param name="record">The record that is kept of the run.</param>
    /// <param name="epoch">The epoch of the lease.</param>
    /// <param name="steps">The steps that the run had to reach.</param>
    /// <param name="given">Why it is given back, with its value, its failure and its last checkpoint.</param>
    /// <exception cref="InvalidOperationException">The lease holds no more: the epoch is an old one.</exception>
    public static TrialRecord Return(TrialRecord record, long epoch, int steps, TrialReturn given)
    {
        var next = Promote(record, epoch, given.Checkpoint, given.Checkpoint?.Step ?? 0) with { Owner = null };
        return given.Ending switch
        {
            TrialEnding.Finished => next with
            {
                DoneSteps = steps,
                DoneEpoch = epoch,
                Value = given.Value,
                Finishes = next.Finishes + 1,
                Failures = 0,
            },
            TrialEnding.Failed => Failed(next, given.Failure ?? "It failed without saying why."),
            _ => next,
        };
    }

    // A native crash may come from a lack of memory that is over; what fails each time at the same place fails.
    private static TrialRecord Failed(TrialRecord record, string failure)
    {
        var step = record.Checkpoint?.Step ?? 0;
        var failures = step > record.FailedStep || record.Failures == 0 ? 1 : record.Failures + 1;
        return record with { Failures = failures, FailedStep = step, Failure = failures >= Attempts ? failure : null };
    }
}
