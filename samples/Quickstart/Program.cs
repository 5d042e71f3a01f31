// Trains a policy that swings up a pendulum from 3000 real steps, saves it as an ordinary ML.NET model, and uses it as any ML.NET program would.
//
//     dotnet run -c Release --project samples/Quickstart [-- --seed 1 --out runs/quickstart --set Trainer.Steps=1500 ...]
using MbpoML;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Plotting;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using Quickstart;

var (seed, folder, assignments) = Arguments.Parse(args);
Directory.CreateDirectory(folder);
var metricsFile = Path.Combine(folder, "metrics.jsonl");
File.Delete(metricsFile);

// 1. The task, and MBPO with the settings that suit it.
var mlContext = new MLContext(seed);
var rl = mlContext.Reinforcement();
using var environment = rl.Environments.Pendulum();
using var lines = new JsonLinesMetricsWriter(metricsFile);
using var events = new TensorBoardMetricsWriter(Path.Combine(folder, "tensorboard"));
using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupt.Cancel();
};

var preset = MbpoPresets.Pendulum();
foreach (var assignment in assignments) preset.Set(assignment);
preset.Trainer.MetricsWriters = [lines, events];
preset.Trainer.CancellationToken = interrupt.Token;

// 2. Train, with a live display; Ctrl+C keeps what was learned so far.
TrainingReport report;
try
{
    report = TrainingDisplay.Run(progress =>
    {
        preset.Trainer.Progress = progress;
        return rl.Mbpo(environment, preset).Train();
    });
}
catch (TrainingCanceledException cancelled)
{
    Console.WriteLine(cancelled.Message);
    report = cancelled.Report!;
}

// 3. Save the policy, and draw what it learned.
using var policy = report.Policy;
var policyFile = Path.Combine(folder, "policy.zip");
mlContext.Model.Save(policy, policy.InputSchema, policyFile);
policy.ExportToOnnx(Path.Combine(folder, "policy.onnx"));
var evaluated = report.History.Where(epoch => epoch.EvaluationReturn is not null).ToArray();
if (evaluated.Length > 0)
{
    var plot = new LearningCurvePlot { Title = "MBPO on Pendulum-v1" };
    plot.Add("MBPO", [.. evaluated.Select(epoch => (double)epoch.Step)], [.. evaluated.Select(epoch => epoch.EvaluationReturn!.Value)]);
    plot.SavePng(Path.Combine(folder, "learning-curve.png"));
}

// 4. Load it as a program would that knows nothing of MbpoML, and let it act for one episode.
Console.WriteLine($"wrote {policyFile}, policy.onnx, learning-curve.png and metrics.jsonl");
Console.WriteLine(
    FormattableString.Invariant($"an episode with the reloaded {policyFile}: return {ReloadedPolicy.RunEpisode(policyFile, environment, seed):F1}"));

var metrics = rl.Evaluate(policy, environment, episodes: 10, seed: 1000 + seed);
Console.WriteLine($"{metrics} after {report.Steps} steps");
