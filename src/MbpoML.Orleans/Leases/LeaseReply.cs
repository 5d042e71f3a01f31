namespace MbpoML.Orleans.Leases;

/// <summary>The answer to a worker that asks for a run: a lease, or how the run stands and when to ask again.</summary>
/// <param name="Lease">The lease; null where the run is over or somebody else has it.</param>
/// <param name="Situation">How the run stands: who has it, what it reached, and why it failed.</param>
/// <param name="RetryIn">The time after which the worker asks again.</param>
[GenerateSerializer]
internal sealed record LeaseReply(
    [property: Id(0)] TrialLease? Lease, [property: Id(1)] TrialSituation Situation, [property: Id(2)] TimeSpan RetryIn);
