using System.CommandLine;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>The commands <c>mbpo offline describe</c>, <c>train</c> and <c>judge</c>: what is done with a log alone.</summary>
internal static class OfflineCommand
{
    public static Command Create(ToolConsole console) =>
        new("offline", "Describes a log, learns a policy from it alone, and says what the log tells of a policy.")
        {
            DescribeCommand.Create(console), OfflineTrainCommand.Create(console), OfflineJudgeCommand.Create(console),
        };
}
