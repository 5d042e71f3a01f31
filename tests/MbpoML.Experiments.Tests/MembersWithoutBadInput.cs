namespace MbpoML.Experiments.Tests;

/// <summary>Public members that cannot be given anything bad, and why.</summary>
internal static class MembersWithoutBadInput
{
    private const string Text = "an exception says any text";
    private const string Result = "a record of results, which the library makes and only reads out";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["RunFolderException.*"] = Text,
        ["RunInUseException.*"] = Text,
        ["RunSpecException.*"] = Text,
        ["RunDataException.*"] = Text,
    };
}
