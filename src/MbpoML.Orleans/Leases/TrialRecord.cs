namespace MbpoML.Orleans.Leases;

/// <summary>What is kept of a run wherever its grain lives.</summary>
internal sealed record TrialRecord
{
    /// <summary>The life of the study to which the rest belongs.</summary>
    public string Life { get; init; } = "";

    /// <summary>The epoch of the last lease; 0 before the first. It only rises.</summary>
    public long Epoch { get; init; }

    /// <summary>Who has the lease; null for nobody.</summary>
    public WorkerSlot? Owner { get; init; }

    /// <summary>The newest checkpoint that counts.</summary>
    public PromotedCheckpoint? Checkpoint { get; init; }

    /// <summary>The real steps of the last finish; 0 before the first.</summary>
    public int DoneSteps { get; init; }

    /// <summary>The epoch of the last finish; 0 before the first.</summary>
    public long DoneEpoch { get; init; }

    /// <summary>What the run was worth at its last finish.</summary>
    public double? Value { get; init; }

    /// <summary>Why it failed for good.</summary>
    public string? Failure { get; init; }

    /// <summary>Failures in a row without a newer checkpoint between them.</summary>
    public int Failures { get; init; }

    /// <summary>The step of the newest checkpoint at the last failure; 0 for none.</summary>
    public long FailedStep { get; init; }

    /// <summary>Leases of this life.</summary>
    public long Leases { get; init; }

    /// <summary>The steps that the owner told with its last checkpoint.</summary>
    public long Steps { get; init; }

    /// <summary>Steps of this life that were behind the checkpoint with which a later lease began, so that they were done twice.</summary>
    public long Repeated { get; init; }

    /// <summary>Finishes of this life.</summary>
    public int Finishes { get; init; }

    /// <summary>How it stands.</summary>
    public TrialSituation Situation => new(Epoch, Owner?.Worker, DoneSteps, DoneEpoch, Value, Failure, Checkpoint, Leases, Finishes, Repeated);
}
