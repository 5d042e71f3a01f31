namespace MbpoML.Policies.OnPolicy;

/// <summary>What every update from episodes measures.</summary>
internal static class OnPolicyMetrics
{
    /// <summary>The mean sum of rewards of the episodes; their mean length; the mean log deviation after the update.</summary>
    public static IReadOnlyList<string> Names { get; } = ["policy/episode-return", "policy/episode-length", "policy/log-deviation"];
}
