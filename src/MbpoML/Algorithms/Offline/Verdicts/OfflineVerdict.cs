namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>What can be said of a policy from a log alone.</summary>
/// <remarks>
/// Every estimate says so. Only where the model foretold the returns of held-out episodes closely does it decide alone; then fitted Q evaluation does not
/// contradict it.
/// </remarks>
public enum OfflineVerdict
{
    /// <summary>The log does not say whether the policy is better than what was logged.</summary>
    NotDecidable,

    /// <summary>The policy is better than the log and than its clone, by more than the error.</summary>
    Better,

    /// <summary>The policy is worse than the log, by more than the error.</summary>
    Worse,

    /// <summary>The policy is not said to be worse than the log, but worse than its clone, by more than the error.</summary>
    WorseThanClone,
}
