using System.CommandLine;
using MbpoML.Benchmarks.Reporting;

namespace MbpoML.Benchmarks.Scaling;

/// <summary>The verb <c>scaling</c>.</summary>
internal static class ScalingCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out")
        {
            Description = "Where the table and the picture go.",
            DefaultValueFactory = _ => Path.Combine("runs", "scaling")
        };
        var rounds = new Option<int>("--rounds") { Description = "Medians are over these.", DefaultValueFactory = _ => 3 };
        var command = new Command(
            "scaling", "Measures how the time of each stage grows with data, ensemble size, observation size and threads.") { output, rounds };
        command.SetAction(parsed =>
        {
            Machine.Print();
            return ScalingExperiment.Run(parsed.GetValue(output)!, parsed.GetValue(rounds));
        });
        return command;
    }
}
