namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>What can be said of a policy from a log alone.</summary>
public enum OfflineVerdict
{
    /// <summary>The log does not say whether the policy is better than what was logged.</summary>
    NotDecidable,

    /// <summary>Every estimate says that the policy is better than the log and than its clone, by more than its own error.</summary>
    Better,

    /// <summary>Every estimate says that the policy is worse than the log, by more than its own error.</summary>
    Worse,
}
