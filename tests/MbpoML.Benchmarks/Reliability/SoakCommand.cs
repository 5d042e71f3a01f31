using System.CommandLine;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>The verb <c>soak</c>.</summary>
internal static class SoakCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long it trains.", DefaultValueFactory = _ => 20 };
        var interval = new Option<double>("--interval") { Description = "Seconds between two readings.", DefaultValueFactory = _ => 30 };
        var command = new Command(
            "soak", "Trains for a long time in one process, and says whether memory, open files and speed stay what they were.") { minutes, interval };
        command.SetAction(parsed => new SoakExperiment(TimeSpan.FromMinutes(parsed.GetValue(minutes)), TimeSpan.FromSeconds(parsed.GetValue(interval))).Run());
        return command;
    }
}
