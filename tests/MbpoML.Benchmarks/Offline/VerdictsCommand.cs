using System.CommandLine;
using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using Microsoft.ML;

namespace MbpoML.Benchmarks.Offline;

/// <summary>The command <c>verdicts</c>: policies of different quality are judged from a log alone, and then measured in the simulator.</summary>
internal static class VerdictsCommand
{
    // Fewer units than by default: a policy is fitted in seconds.
    private const string Small = "Options.HiddenSizes=[128, 128]";
    private const string Fast = "Options.LearningRate=1e-3";

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The folder of DMSD-high-100000-train.npz.", Required = true };
        var tasks = new Option<string[]>("--tasks")
        {
            Description = "Some of dmsd, pendulum.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => ["dmsd", "pendulum"],
        };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var command = new Command("verdicts", "How right the verdict on policies is that a log alone gives: 15 policies a task.") { data, tasks, seed };
        command.SetAction(parsed =>
        {
            var all = new List<JudgedPolicy>();
            foreach (var task in parsed.GetValue(tasks)!) all.AddRange(Judged(task, parsed.GetValue(data)!, parsed.GetValue(seed)));
            Tell("All", all);
        });
        return command;
    }

    private static List<JudgedPolicy> Judged(string task, string folder, int seed)
    {
        using IEnvironment environment = task switch
        {
            "dmsd" => new DmsdEnvironment(),
            "pendulum" => new PendulumEnvironment(),
            _ => throw new ArgumentException($"There is no task '{task}'; there are dmsd and pendulum.", nameof(task)),
        };
        IDataView log = task == "dmsd" ? DmsdLog.Read(folder)
            : new MLContext(seed).Reinforcement().Data.FromTransitions(SwingUpLog.Record(episodes: 200, seed));
        using var study = task == "dmsd"
            ? new VerdictStudy(log, environment, seed, reward: DmsdEnvironment.KnownReward, setPoints: DmsdEnvironment.Targets)
            : new VerdictStudy(log, environment, seed);
        var judged = Candidates(study).Select(candidate => study.JudgeReally(candidate.Name, candidate.Make())).ToList();
        Tell(task, judged);
        return judged;
    }

    // Clones that learned little, clones with another gain or an offset, and policies of offline methods after few and more updates.
    private static IEnumerable<(string Name, Func<IPolicy> Make)> Candidates(VerdictStudy study) =>
    [
        .. ((int[])[50, 200, 1000]).Select(updates => ($"bc, {updates} updates", Fitted(study, "bc", updates))),
        .. ((double[])[0.5, 0.75, 1.25, 1.75]).Select(gain => (FormattableString.Invariant($"clone, gain {gain}"), Detuned(study, gain, 0))),
        .. ((double[])[-0.1, 0.25]).Select(shift => (FormattableString.Invariant($"clone, moved by {shift}"), Detuned(study, 1, shift))),
        .. ((int[])[500, 1500, 4000]).Select(updates => ($"td3bc, {updates} updates", Fitted(study, "td3bc", updates))),
        .. ((int[])[1500, 4000]).Select(updates => ($"td3bc, α 10, {updates} updates", Fitted(study, "td3bc", updates, "Options.Alpha=10"))),
        ("iql, 3000 updates", Fitted(study, "iql", 3000)),
    ];

    private static Func<IPolicy> Detuned(VerdictStudy study, double gain, double shift) => () => new DetunedPolicy(study.Clone, gain, shift);

    private static Func<IPolicy> Fitted(VerdictStudy study, string algorithm, int updates, params string[] settings) =>
        () => study.Fit(algorithm, [$"Options.Updates={updates}", Small, Fast, .. settings]);

    private static void Tell(string name, IReadOnlyList<JudgedPolicy> judged)
    {
        Console.WriteLine();
        Console.WriteLine($"{name}:");
        foreach (var line in VerdictTally.Of(judged)) Console.WriteLine($"  {line}");
    }
}
