// A policy from a log alone: a thermal plant runs under its PID controllers, and from what was logged a better policy is learned, judged and shown.
//
//     dotnet run -c Release --project samples/FromLogs                                # a simulated plant, about a minute
//     dotnet run -c Release --project samples/FromLogs -- --data FOLDER               # recordings of a real one (TCLab)
//     dotnet run -c Release --project samples/FromLogs -- --out FOLDER                # where the page of the verdict goes; default: from-logs
//     dotnet run -c Release --project samples/FromLogs -- --updates 1000              # at most so many for each network; --episodes 50: a shorter log
using System.Globalization;
using FromLogs;
using MbpoML;
using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Experiments.Reports.Verdicts;
using Microsoft.ML;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var index && index + 1 < args.Length ? args[index + 1] : null;
int Number(string name, int otherwise) => Option(name) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : otherwise;
var (data, folder, seed) = (Option("--data"), Option("--out") ?? "from-logs", 1);
var (episodes, updates) = (Number("--episodes", 150), Number("--updates", 6000));
var rl = new MLContext(seed).Reinforcement();

// 1. The log: observations, actions and rewards, nothing else. No environment is used to learn.
var log = rl.Data.FromTransitions(data is null ? PlantLog.Record(episodes, seed) : RecordedPlant.Read(data, Console.WriteLine));

// 2. A policy: TD3+BC learns what heaters are worth, and stays near what was logged.
using var policy = rl.Offline.TD3BC(new TD3BCTrainer.Options
{
    Updates = updates,
    HiddenSizes = [64, 64],
    LearningRate = 1e-3,
    Discount = 0.95,
    Alpha = 4,
    ActionSpace = BoxSpace.Uniform(2, 0, 100),
    Seed = seed,
}).Fit(log);

// 3. What the log says of it, beside the clone of the controllers and the log itself.
var report = rl.Offline.Judge(
    log, policy,
    new OfflineJudge.Options
    {
        Horizon = 40,
        Discount = 0.95,
        FittedQUpdates = Math.Min(2500, updates),
        FittedQLearningRate = 1e-3,
        CloneUpdates = Math.Min(3000, updates),
        BatchSize = 128,
        Seed = seed,
        Reward = ThermalPlant.KnownReward,
        SetPoints = ThermalPlant.SetPoints,
    },
    rl.Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options
    {
        MemberCount = 5,
        EliteCount = 5,
        HiddenSizes = [64, 64],
        TargetNormalization = true,
        MaxOptimizerSteps = Math.Min(3000, updates),
    }));
VerdictReport.Write(report, folder, data is null ? "TD3+BC from the log of a simulated thermal plant" : "TD3+BC from recordings of a TCLab");
Console.WriteLine(report);
foreach (var reason in report.Reasons) Console.WriteLine($"- {reason}");
foreach (var wanted in report.DataWanted) Console.WriteLine($"> {wanted}");
Console.WriteLine($"The page is {Path.Combine(folder, "report.html")}.");

// 4. What it really earns: only a simulator can be asked without risk.
if (data is not null) return;
using var plant = new ThermalPlant();
var (controlled, learned) = (PlantLog.ReturnOfController(episodes: 50, seed: 7), rl.Evaluate(policy, plant, episodes: 50, seed: 7).MeanReturn);
Console.WriteLine($"In the simulator: controller {controlled:F1}, policy {learned:F1}");
