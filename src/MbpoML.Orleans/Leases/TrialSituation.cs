namespace MbpoML.Orleans.Leases;

/// <summary>How a run stands.</summary>
/// <param name="Epoch">The epoch of its last lease; 0 where it never had one.</param>
/// <param name="Worker">Who has a lease of it now; null for nobody.</param>
/// <param name="DoneSteps">The real steps of the last finish; 0 before the first.</param>
/// <param name="DoneEpoch">The epoch in whose folder the finished run lies.</param>
/// <param name="Value">What it was worth there; null where it evaluated nothing.</param>
/// <param name="Failure">Why it failed for good; null where it did not.</param>
/// <param name="Checkpoint">The newest checkpoint that counts; null before the first.</param>
/// <param name="Leases">The number of leases that the run had.</param>
/// <param name="Finishes">How often a finish was taken: once for each number of steps.</param>
/// <param name="Repeated">Steps that were done twice, as far as owners told theirs.</param>
/// <param name="Steps">The real steps that the owner told last; 0 where nobody remembers.</param>
[GenerateSerializer]
internal sealed record TrialSituation(
    [property: Id(0)] long Epoch, [property: Id(1)] string? Worker, [property: Id(2)] int DoneSteps, [property: Id(3)] long DoneEpoch,
    [property: Id(4)] double? Value, [property: Id(5)] string? Failure, [property: Id(6)] PromotedCheckpoint? Checkpoint, [property: Id(7)] long Leases,
    [property: Id(8)] int Finishes, [property: Id(9)] long Repeated, [property: Id(10)] long Steps = 0);
