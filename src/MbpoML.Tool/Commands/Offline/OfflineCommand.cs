using System.CommandLine;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>The commands <c>mbpo offline train</c> and <c>judge</c>.</summary>
internal static class OfflineCommand
{
    public static Command Create(ToolConsole console) =>
        new("offline", "Learns a policy from a log alone, and says what the log tells of it.")
        {
            OfflineTrainCommand.Create(console), OfflineJudgeCommand.Create(console),
        };
}
