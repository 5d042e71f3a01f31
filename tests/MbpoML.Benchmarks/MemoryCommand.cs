using System.CommandLine;
using MbpoML.Benchmarks.Comparing;

namespace MbpoML.Benchmarks;

/// <summary>The verb <c>memory</c>.</summary>
internal static class MemoryCommand
{
    public static Command Create()
    {
        var updates = new Option<int>("--updates") { Description = "Policy updates between the two readings.", DefaultValueFactory = _ => 100_000 };
        var command = new Command("memory", "The memory of the process before and after many policy updates.") { updates };
        command.SetAction(parsed => SacComparison.RunLong(parsed.GetValue(updates)));
        return command;
    }
}
