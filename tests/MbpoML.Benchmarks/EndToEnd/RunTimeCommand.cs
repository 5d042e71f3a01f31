using System.CommandLine;
using MbpoML.Benchmarks.Reporting;

namespace MbpoML.Benchmarks.EndToEnd;

/// <summary>The verb <c>run-time</c>.</summary>
internal static class RunTimeCommand
{
    public static Command Create()
    {
        var size = new Argument<string>("size") { Description = $"One of: {string.Join(", ", TaskSize.All.Select(one => one.Name))}." };
        size.AcceptOnlyFromAmong([.. TaskSize.All.Select(one => one.Name)]);
        var data =
            new Option<int?>("--data") { Description = "Real transitions at hand when the measurement begins; 30000, for the pendulum 3000, unless given." };
        var steps = new Option<int>("--steps")
        {
            Description = "Environment steps to measure, after one refit and its steps to warm up.",
            DefaultValueFactory = _ => 1000
        };
        var epochs = new Option<int>("--epochs")
        {
            Description =
                "Epochs of every refit; 0 leaves it to early stopping, as in a real run. By default as many as a public run of Hopper took on average.",
            DefaultValueFactory = _ => RunTimeExperiment.UsualEpochs,
        };
        var workers = new Option<int>("--workers") { Description = "Threads, 1 or 2.", DefaultValueFactory = _ => 2 };
        var fast = new Option<bool>("--fast")
        {
            Description =
            "With MbpoPreset.Fast: refits with at most 2000 optimizer steps, and as rarely as its schedule has them at this amount of data."
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Changes options of the settings, as in Dynamics.MaxEpochs=10.",
            DefaultValueFactory = _ => [],
            AllowMultipleArgumentsPerToken = true
        };
        var algorithm = new Option<string>("--algorithm")
        {
            Description = "mbpo or dhmbpo, for which --epochs and --fast mean nothing.",
            DefaultValueFactory = _ => "mbpo"
        };
        algorithm.AcceptOnlyFromAmong("mbpo", "dhmbpo");
        var command = new Command("run-time", "Measures the seconds of 1000 environment steps by stage, at a given amount of data.") { size, data, steps,
            epochs, workers, fast, set, algorithm };
        command.SetAction(parsed =>
        {
            var task = TaskSize.Named(parsed.GetValue(size)!);
            Machine.Print();
            if (parsed.GetValue(algorithm) == "dhmbpo")
            {
                DoubleHorizonRunTime.Run(
                    task, parsed.GetValue(data) ?? task.Data, parsed.GetValue(steps), parsed.GetValue(workers), parsed.GetValue(set)!);
                return 0;
            }

            RunTimeExperiment.Run(
                task,
                parsed.GetValue(data) ?? task.Data,
                parsed.GetValue(steps),
                parsed.GetValue(epochs),
                parsed.GetValue(workers),
                parsed.GetValue(fast),
                parsed.GetValue(set)!);
            return 0;
        });
        return command;
    }
}
