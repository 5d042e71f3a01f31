namespace MbpoML.Orleans.Leases;

/// <summary>Why a lease is given back.</summary>
internal enum TrialEnding
{
    /// <summary>The run has reached its steps.</summary>
    Finished,

    /// <summary>Training ended with an error.</summary>
    Failed,

    /// <summary>The worker stops: somebody else may go on at once.</summary>
    Released,

    /// <summary>The store takes nothing more: somebody may go on later.</summary>
    StoreFull,
}
