// Three control tasks in plain engineering units, each learned by the ten lines alone and compared with a tuned PI controller on the same episodes.
//
//     dotnet run -c Release --project samples/ProcessControl [-- reactor|room|cart] [--seed 1] [--set Option=Value ...]
//     dotnet run -c Release --project samples/ProcessControl -- tune
using System.Diagnostics;
using System.Globalization;
using MbpoML;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using ProcessControl;

var seed = args.SkipWhile(argument => argument != "--seed").Skip(1).FirstOrDefault() is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : 1;
var tasks = ControlTask.All.Where(task => args.Contains(task.Name)).DefaultIfEmpty().First() is { } named ? [named] : ControlTask.All;
foreach (var task in tasks)
{
    if (args.Contains("tune"))
    {
        var gains = task.Tune();
        Console.WriteLine($"{task.Name}: [{string.Join(", ", gains.Select(gain => gain.ToString("g4", CultureInfo.InvariantCulture)))}], " +
            FormattableString.Invariant($"return {task.Measure(task.Controller(gains)):F3} on the measured episodes"));
        continue;
    }

    var watch = Stopwatch.StartNew();
    var rl = new MLContext(seed).Reinforcement();
    using var environment = task.Create();
    // The preset that a run without settings takes.
    var preset = MbpoPresets.Choose(environment);
    foreach (var assignment in args.SkipWhile(argument => argument != "--set").Skip(1)) preset.Set(assignment);
    using var policy = rl.Mbpo(environment, preset, Progress.Console()).Fit();
    var seconds = watch.Elapsed.TotalSeconds;

    var (pi, learned) = (task.Measure(task.Controller(task.Gains)), task.Measure(new PolicyController(policy)));
    Console.WriteLine(
        FormattableString.Invariant($"{task.Name}, seed {seed}: PI controller {pi:F3}, learned policy {learned:F3}, {seconds:F0} s, ") +
            FormattableString.Invariant($"{environment.MaxEpisodeSteps} steps an episode"));
}
