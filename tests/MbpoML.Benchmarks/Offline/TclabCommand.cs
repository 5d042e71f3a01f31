using System.CommandLine;
using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Experiments.Reports.Verdicts;
using static System.FormattableString;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Offline;

/// <summary>The command <c>tclab</c>: recordings of a real laboratory are predicted a minute ahead, and a policy of them is judged.</summary>
internal static class TclabCommand
{
    private const int StepsAhead = 60 / TclabLog.StepLength;
    private const int Seed = 1;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The folder of tclab_cl.csv.gz, tclab_cl_dist.csv.gz and tclab_prbs.csv.gz.", Required = true };
        var output = new Option<string>("--out") { Description = "Where the pages of the verdicts go.", DefaultValueFactory = _ => "tclab" };
        var command = new Command("tclab", "A real two-heater laboratory: predictions 60 s ahead, and what its log says of policies.") { data, output };
        command.SetAction(parsed =>
        {
            var experiments = TclabLog.Open(parsed.GetValue(data)!, "tclab_cl.csv.gz");
            foreach (var (name, rows) in experiments)
                Console.WriteLine(Invariant($"{name}: mean squared error {TclabLog.Error(rows):F1} °C²{(TclabLog.IsGood(rows) ? "" : ", had run away")}"));
            Predict(parsed.GetValue(data)!, experiments);
            Judge(experiments, parsed.GetValue(output)!);
        });
        return command;
    }

    private static void Predict(string folder, IReadOnlyDictionary<string, TclabRow[]> experiments)
    {
        string[] good = [.. experiments.Keys.Where(name => TclabLog.IsGood(experiments[name]))];
        using (var model = Fitted(good.Select(name => experiments[name])))
        {
            foreach (var (_, rows) in TclabLog.Open(folder, "tclab_prbs.csv.gz")) Tell("open loop, heaters stepping at random", model, rows);
            var disturbed = TclabLog.Open(folder, "tclab_cl_dist.csv.gz");
            foreach (var name in good) Tell($"{name}, disturbed", model, disturbed[name]);
        }

        foreach (var heldOut in good)
        {
            using var model = Fitted(good.Where(name => name != heldOut).Select(name => experiments[name]));
            Tell($"{heldOut}, from the other {good.Length - 1}", model, experiments[heldOut]);
        }
    }

    private static TclabModel Fitted(IEnumerable<TclabRow[]> experiments)
    {
        using var table = TclabLog.ToPredict(experiments.SelectMany(rows => rows));
        return new TclabModel(table, Seed);
    }

    private static void Tell(string name, TclabModel model, TclabRow[] rows)
    {
        using var table = TclabLog.ToPredict(rows);
        var (error, unchanged) = model.Error(table, StepsAhead);
        Console.WriteLine(Invariant($"{name}: mean absolute error after 60 s {error:F2} °C; temperatures that stay {unchanged:F2} °C"));
    }

    // All eight controllers are in the log: who imitates without looking imitates those that had run away, too.
    private static void Judge(IReadOnlyDictionary<string, TclabRow[]> experiments, string folder)
    {
        var all = TclabLog.ToControl(experiments.Values.SelectMany(rows => rows));
        using var study = new VerdictStudy(all, environment: null, Seed, horizon: 40, TclabLog.Reward, setPoints: all.SetPoints);
        string[] fast = ["Options.HiddenSizes=[64, 64]", "Options.LearningRate=1e-3", "Options.Updates=6000"];
        Tell("clone of all eight", study.Clone, experiments);
        foreach (var (name, policy) in ((string, IPolicy)[])[
            ("iql", study.Fit("iql", [.. fast, "Options.Discount=0.95"])),
            ("td3bc", study.Fit("td3bc", [.. fast, "Options.Discount=0.95", "Options.Alpha=4"]))])
        {
            Tell(name, policy, experiments);
            var (report, _) = study.Judge(name, policy);
            VerdictReport.Write(report, Path.Combine(folder, name), $"{name} from recordings of a TCLab");
            foreach (var line in (string[])[report.ToString(), .. report.Reasons, .. report.DataWanted]) Console.WriteLine($"  {line}");
        }
    }

    // How far what a policy does is from what was done, where controllers held their set points and where they had run away.
    private static void Tell(string name, IPolicy policy, IReadOnlyDictionary<string, TclabRow[]> experiments)
    {
        var good = Distance(policy, experiments.Values.Where(TclabLog.IsGood));
        var bad = Distance(policy, experiments.Values.Where(rows => !TclabLog.IsGood(rows)));
        Console.WriteLine(
            Invariant($"{name}: heaters differ by {good:F1} % from controllers that held their set points, by {bad:F1} % from those that had run away"));
    }

    private static double Distance(IPolicy policy, IEnumerable<TclabRow[]> experiments)
    {
        using var scope = NewDisposeScope();
        using var table = TransitionReader.Read(TclabLog.ToControl(experiments.SelectMany(rows => rows)), TransitionColumns.Default);
        var told = policy.Act(table.Layout.Observation(table.Rows).contiguous());
        return (told - table.Layout.Action(table.Rows)).abs().mean().item<float>();
    }
}
