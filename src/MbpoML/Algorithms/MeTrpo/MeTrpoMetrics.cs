namespace MbpoML.Algorithms.MeTrpo;

/// <summary>What the optimizations of ME-TRPO measure.</summary>
internal static class MeTrpoMetrics
{
    /// <summary>Updates of the policy in the last optimization.</summary>
    public const string Updates = "policy/optimization-updates";

    /// <summary>Policies that were kept in it.</summary>
    public const string Kept = "policy/kept";

    /// <summary>The share of the members in which the policy did not get worse at its last validation.</summary>
    public const string Share = "policy/validation-share";

    /// <summary>The mean return that the members promise the policy that was kept last.</summary>
    public const string Return = "policy/validation-return";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Updates, Kept, Share, Return];
}
