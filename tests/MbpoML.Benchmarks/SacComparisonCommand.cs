using System.CommandLine;

namespace MbpoML.Benchmarks;

/// <summary>The verb <c>compare-sac</c>.</summary>
internal static class SacComparisonCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Each runs every variant for half a second.", DefaultValueFactory = _ => 5 };
        var updates = new Option<int>("--long") { Description = "Instead: memory before and after so many updates." };
        var command = new Command("compare-sac", "SAC updates: the fast path, the reference path, a naive version and the matrix products alone.") { rounds, updates };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(updates) is > 0 and var count) SacComparison.RunLong(count);
            else SacComparison.Run(parsed.GetValue(rounds));
        });
        return command;
    }
}
