using System.CommandLine;
using MbpoML.Acting;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Data;
using MbpoML.Datasets;
using MbpoML.Environments.Functions;
using Microsoft.ML;
using Microsoft.ML.Data;
using static System.FormattableString;

namespace MbpoML.Benchmarks.Offline;

/// <summary>The command <c>offline-verdict</c>: published logs on which most methods lose to cloning; the verdict must not recommend what is worse.</summary>
internal static class OfflineVerdictCommand
{
    // What is recommended must earn at least so much of what the log does.
    private const double LeastShare = 0.9;

    private static readonly string[] Networks = ["Options.HiddenSizes=[128, 128]", "Options.LearningRate=1e-3"];

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The folder of the logs of NeoRL-2.", Required = true };
        var name = new Option<string>("--log") { Description = "SafetyHalfCheetah or Simglucose.", Required = true };
        name.AcceptOnlyFromAmong("SafetyHalfCheetah", "Simglucose");
        var command = new Command("offline-verdict", "Cloning, TD3+BC and MOPO on a published log, and what the log says of them.") { data, name };
        command.SetAction(parsed => Run(parsed.GetValue(data)!, parsed.GetValue(name)!));
        return command;
    }

    private static void Run(string folder, string name)
    {
        using var environment = name == "SafetyHalfCheetah" ? SafetyHalfCheetah.Create() : null;
        var log = NeorlFile.Read(Path.Combine(folder, $"{name}-high-100000-train.npz"));
        using var study = name == "Simglucose" ? OfPatients(log) : new VerdictStudy(log, environment, seed: 1, episodes: 10);
        var recommended = new List<string>();
        foreach (var (method, make) in Candidates(study))
        {
            var (report, real) = study.Judge(method, make());
            Console.WriteLine($"  {report}");
            foreach (var wanted in report.DataWanted) Console.WriteLine($"  > {wanted}");
            if (report.Verdict == OfflineVerdict.Better) recommended.Add(method + Worth(log, report, real));
        }

        Console.WriteLine($"{name}: {(recommended.Count == 0 ? "nothing is recommended but the clone" : "recommended: " + string.Join(", ", recommended))}");
    }

    // What follows the glucose are 30 constants of the patient, and a measured glucose of 40 mg/dl or less ends the log's episodes.
    private static VerdictStudy OfPatients(IDataView log) => new(
        log, environment: null, seed: 1, setPoints: [.. Enumerable.Range(1, 30)], termination: TerminationFunction.FromRow((_, _, next) => next[0] <= 40));

    private static string Worth(IDataView log, JudgeReport report, RealWorth? real)
    {
        if (real is null) return "";
        // Over whole episodes; the judge's returns may end before.
        var logged = log.GetColumn<float>(TransitionColumns.Default.Reward).Sum(reward => (double)reward) / report.Log.Episodes;
        return Invariant($" ({(real.Return >= LeastShare * logged ? "rightly" : "wrongly")}: it earns {real.Return:F1}, the log {logged:F1})");
    }

    private static IEnumerable<(string Method, Func<IPolicy> Make)> Candidates(VerdictStudy study) =>
    [
        ("bc", () => study.Fit("bc", [.. Networks, "Options.Updates=5000"])),
        ("td3bc", () => study.Fit("td3bc", [.. Networks, "Options.Updates=4000"])),
        ("mopo", () => study.Fit(
            "mopo", "Options.Updates=2000", "Options.RolloutBatchSize=2000", "Dynamics.MemberCount=5", "Dynamics.EliteCount=5",
            "Dynamics.HiddenSizes=[128, 128]", "Dynamics.MaxOptimizerSteps=3000", "Policy.HiddenSizes=[128, 128]")),
    ];
}
