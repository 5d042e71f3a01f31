using System.CommandLine;

namespace MbpoML.Benchmarks;

/// <summary>The verb <c>learning-curve</c>.</summary>
internal static class LearningCurveCommand
{
    public static Command Create()
    {
        var task = new Argument<string>("task") { Description = $"One of: {string.Join(", ", LearningTask.All.Select(one => one.Name))}." };
        task.AcceptOnlyFromAmong([.. LearningTask.All.Select(one => one.Name)]);
        var seeds = new Option<int[]>("--seeds") { Description = "One run a seed.", DefaultValueFactory = _ => [1, 2, 3, 4, 5], AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--out") { Description = "Where runs and pictures go; finished runs found there are not repeated.", DefaultValueFactory = _ => Path.Combine("runs", "benchmarks") };
        var set = new Option<string[]>("--set") { Description = "Changes options of the preset, as in Policy.LearningRate=0.001; name another --out with it.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
        var fast = new Option<bool>("--fast") { Description = "The preset's fast variant, with less training of the model; name another --out with it." };
        var parallel = new Option<int>("--parallel") { Description = "Runs side by side, one thread each.", DefaultValueFactory = _ => Environment.ProcessorCount };

        var command = new Command("learning-curve", "Trains a task's preset on several seeds and draws mean and standard deviation.") { task, seeds, output, parallel, set, fast };
        command.SetAction(parsed =>
            LearningCurveExperiment.Run(
                LearningTask.Named(parsed.GetValue(task)!), parsed.GetValue(seeds)!, parsed.GetValue(output)!, parsed.GetValue(parallel), parsed.GetValue(set)!, parsed.GetValue(fast)));
        return command;
    }
}
