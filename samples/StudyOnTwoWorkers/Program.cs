// Searches for options of the pendulum with two workers, each a process of its own that this program starts, or both within this process.
//
//     dotnet run -c Release --project samples/StudyOnTwoWorkers [-- --out runs/two-workers --steps 1500 --in-process --set Option=Value ...]
using System.Globalization;
using MbpoML;
using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tasks;
using Microsoft.ML;

// A worker: this program, started by itself for one run.
if (args is ["work", var run]) return RunWorker.Run(new RunFolder(run), TaskCatalog.Analytic, Console.OpenStandardInput(), Console.Out);

string? Given(string name) => args.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var rl = new MLContext(seed: 1).Reinforcement();
var study = rl.Study(Given("--out") ?? "runs/two-workers", new StudyOptions
{
    Run = new RunSpec { Task = "Pendulum", Preset = "fast", Assignments = [.. args.SkipWhile(argument => argument != "--set").Skip(1)] },
    Space = [StudyParameter.Parse("Policy.LearningRate=3e-4..3e-3 log"), StudyParameter.Parse("Trainer.UpdatesPerStep=2..10")],
    Sampler = "random",
    Trials = 4,
    SeedsPerTrial = 1,
    Rungs = 2,
    FinalSeeds = 2,
    Steps = int.Parse(Given("--steps") ?? "1500", CultureInfo.InvariantCulture),
});

// A process of its own for each run: what ends one of them reaches neither the other nor the study.
LocalRunExecutor workers = args.Contains("--in-process")
    ? new InProcessExecutor(TaskCatalog.Analytic)
    : new ChildProcessExecutor(TaskCatalog.Analytic, WorkerProgram.Of(typeof(Program).Assembly, "work"));
var result = await study.RunAsync(workers, parallel: 2, progress: new Lines(), cancellationToken: stop.Token);
Console.WriteLine(result is null
    ? "stopped; the same command goes on from here"
    : FormattableString.Invariant($"best: {string.Join(' ', result.Assignments)}, with fresh seeds {result.Mean:F1} +- {result.Deviation:F1}"));
return 0;

internal sealed class Lines : IProgress<StudyProgress>
{
    public void Report(StudyProgress value)
    {
        var part = 100.0 * value.Study.StepsDone / value.Study.StepsInAll;
        var trials = string.Join(", ", value.Trials);
        Console.WriteLine(FormattableString.Invariant($"{part:F0} % done; now trials {trials}{(value.Rung is null ? " with fresh seeds" : "")}"));
    }
}
