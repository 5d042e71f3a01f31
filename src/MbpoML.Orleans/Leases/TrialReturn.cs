namespace MbpoML.Orleans.Leases;

/// <summary>How a worker gives a lease back.</summary>
/// <param name="Ending">Why the lease is given back.</param>
/// <param name="Value">What the run is worth at its steps; null where it evaluated nothing.</param>
/// <param name="Failure">Why training failed; null where it did not.</param>
/// <param name="Checkpoint">The last checkpoint; null where there is no newer one than was told.</param>
[GenerateSerializer]
internal sealed record TrialReturn(
    [property: Id(0)] TrialEnding Ending, [property: Id(1)] double? Value, [property: Id(2)] string? Failure, [property: Id(3)] PromotedCheckpoint? Checkpoint);
