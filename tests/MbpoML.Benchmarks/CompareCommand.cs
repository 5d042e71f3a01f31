using System.CommandLine;
using MbpoML.Benchmarks.Comparing;
using MbpoML.Benchmarks.Reporting;

namespace MbpoML.Benchmarks;

/// <summary>The verb <c>compare</c>: one piece of work done in several ways, in turn, with ratios.</summary>
internal static class CompareCommand
{
    private const string All = "all";

    /// <summary>Every comparison by the name on the command line; each takes the number of rounds.</summary>
    private static readonly SortedDictionary<string, Action<int>> Comparisons = new(StringComparer.Ordinal)
    {
        ["devices"] = DeviceComparison.Run,
        ["ensemble"] = EnsembleComparison.Run,
        ["gradients"] = GradientComparison.Run,
        ["homoscedastic"] = HomoscedasticComparison.Run,
        ["overlap"] = OverlapComparison.Run,
        ["planners"] = PlannerComparison.Run,
        ["products"] = ProductsComparison.Run,
        ["regressions"] = RegressionComparison.Run,
        ["replay"] = ReplayComparison.Run,
        ["rollouts"] = RolloutComparison.Run,
        ["sac"] = SacComparison.Run,
        ["serving"] = ServingComparison.Run,
        ["threads"] = ThreadsComparison.Run,
        ["value-gradient"] = ValueGradientComparison.Run,
    };

    public static Command Create()
    {
        var what = new Argument<string>("what") { Description = $"One of: {string.Join(", ", Comparisons.Keys)}, {All}." };
        what.AcceptOnlyFromAmong([.. Comparisons.Keys, All]);
        var rounds = new Option<int>("--rounds")
        {
            Description = "Each runs every variant for about half a second; medians are over rounds.",
            DefaultValueFactory = _ => 7
        };
        var command = new Command("compare", "Measures ways to do the same work in turn and prints rates and ratios.") { what, rounds };
        command.SetAction(parsed =>
        {
            Machine.Print();
            foreach (var (name, run) in Comparisons)
                if (parsed.GetValue(what) == name || parsed.GetValue(what) == All) run(parsed.GetValue(rounds));
            return 0;
        });
        return command;
    }
}
