namespace MbpoML.Policies.Proximal;

/// <summary>What an update of proximal policy optimization measures.</summary>
internal static class ProximalMetrics
{
    /// <summary>
    /// Mean divergence of the new policy from the old one; the share of rows whose ratio was clipped; the error of the scaled values; passes over the rows.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["policy/divergence", "policy/clipped-fraction", "policy/value-loss", "policy/epochs"];
}
