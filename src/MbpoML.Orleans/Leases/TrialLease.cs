namespace MbpoML.Orleans.Leases;

/// <summary>The right to train a run, until it is given back or no sign of life came for the time of a lease.</summary>
/// <param name="Order">The run that has to be trained, and up to which step.</param>
/// <param name="Epoch">Rises with each lease of the run, from 1: whoever has an older one has none.</param>
/// <param name="From">The checkpoint to begin with; null to begin anew.</param>
[GenerateSerializer]
internal sealed record TrialLease(
    [property: Id(0)] TrialOrder Order, [property: Id(1)] long Epoch, [property: Id(2)] PromotedCheckpoint? From);
