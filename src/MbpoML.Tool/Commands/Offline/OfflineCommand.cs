using System.CommandLine;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>The command <c>mbpo offline</c>: what is done with a log alone. A command of its own for each part.</summary>
internal static class OfflineCommand
{
    public static Command Create(ToolConsole console) => new("offline", "Works with a log alone, without an environment.")
    {
        DescribeCommand.Create(console),
    };
}
