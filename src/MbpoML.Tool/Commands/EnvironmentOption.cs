using System.CommandLine;

namespace MbpoML.Tool.Commands;

/// <summary>The option <c>--environment</c>: an environment that is not the tool's own.</summary>
internal static class EnvironmentOption
{
    private const string InPlace =
        "Makes the environment of a run that is not of the tool's tasks, in place of the one that the run names: assembly and type, as in " +
            "bin/Release/net10.0/My.dll#My.ReactorEnvironment.";

    public static Option<string?> Create(string description = InPlace) => new("--environment") { Description = description };
}
