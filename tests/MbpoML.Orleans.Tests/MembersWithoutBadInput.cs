namespace MbpoML.Orleans.Tests;

/// <summary>Public members that cannot be given anything bad, and why.</summary>
internal static class MembersWithoutBadInput
{
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["CollectorBooks.*"] = "numbers that were counted",
        ["CollectorPool.DisposeAsync()"] = "it takes nothing",
        ["ClusterOptions.Log"] = "every logger will do, and none",
    };
}
