using System.CommandLine;

namespace MbpoML.Benchmarks;

/// <summary>The verb <c>learning-curve</c>.</summary>
internal static class LearningCurveCommand
{
    public static Command Create()
    {
        var task = new Argument<string>("task") { Description = $"One of: {string.Join(", ", LearningTask.All.Select(one => one.Name))}." };
        task.AcceptOnlyFromAmong([.. LearningTask.All.Select(one => one.Name)]);
        var seeds = Many<int>("--seeds", "One run a seed.", [1, 2, 3, 4, 5]);
        var output = One("--out", "Where runs and pictures go; finished runs found there are not repeated.", Path.Combine("runs", "benchmarks"));
        var set = Many<string>("--set", "Changes options of the preset, as in Policy.LearningRate=0.001; name another --out with it.", []);
        var fast = One("--fast", "The preset's fast variant, with less training of the model; name another --out with it.", false);
        var parallel = One("--parallel", "Runs side by side, one thread each.", Environment.ProcessorCount);
        var label = One("--label", "What the picture calls these runs.", "MBPO");
        var beside = Many<string>("--beside", "Tables (CSV) of other experiments whose curves are drawn into the same picture.", []);

        var command = new Command("learning-curve", "Trains a task's preset on several seeds and draws mean and standard deviation.") { task, seeds, output,
            parallel, set, fast, label, beside };
        command.SetAction(parsed => new LearningCurveExperiment(LearningTask.Named(parsed.GetValue(task)!), parsed.GetValue(seeds)!, parsed.GetValue(output)!)
        {
            Parallel = parsed.GetValue(parallel),
            Overrides = parsed.GetValue(set)!,
            Fast = parsed.GetValue(fast),
            Label = parsed.GetValue(label)!,
            Beside = parsed.GetValue(beside)!,
        }.Run());
        return command;
    }

    private static Option<T> One<T>(string name, string description, T value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static Option<T[]> Many<T>(string name, string description, T[] values) =>
        new(name) { Description = description, DefaultValueFactory = _ => values, AllowMultipleArgumentsPerToken = true };
}
