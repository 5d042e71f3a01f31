using System.CommandLine;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>The verb <c>checkpoint-cost</c>.</summary>
internal static class CheckpointCostCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--folder") { Description = "On the disk that is to be measured.", DefaultValueFactory = _ => Path.GetTempPath() };
        var repeats = new Option<int>("--repeats") { Description = "Checkpoints to write and read.", DefaultValueFactory = _ => 5 };
        var command = new Command(
            "checkpoint-cost", "The time to write and to read a checkpoint of a Hopper-sized run at its end, pools included.") { folder, repeats };
        command.SetAction(parsed => CheckpointCost.Run(parsed.GetValue(folder)!, parsed.GetValue(repeats)));
        return command;
    }
}
