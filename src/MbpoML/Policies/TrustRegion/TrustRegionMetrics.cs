namespace MbpoML.Policies.TrustRegion;

/// <summary>What a step of a trust region measures.</summary>
internal static class TrustRegionMetrics
{
    /// <summary>Mean divergence of the new policy from the old one; gain of the surrogate; the share of the step that was taken, 0 where none was.</summary>
    public static IReadOnlyList<string> Names { get; } = ["policy/divergence", "policy/surrogate-gain", "policy/step-fraction"];
}
