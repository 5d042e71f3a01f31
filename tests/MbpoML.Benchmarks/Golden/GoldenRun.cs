using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Catalog;
using MbpoML.Data.Views;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Golden;

/// <summary>Runs one case and says what came out of it, as a hash for each kind of result.</summary>
internal static class GoldenRun
{
    private const int Seed = 7;

    /// <returns>"policy", "metrics", "real", "imagined" and "model" with a hash each.</returns>
    public static IReadOnlyDictionary<string, string> Of(GoldenCase golden)
    {
        var folder = Directory.CreateTempSubdirectory("golden-").FullName;
        try
        {
            var mlContext = new MLContext(Seed);
            var rl = mlContext.Reinforcement();
            var environment = golden.Environment(rl.Environments);
            using var owned = environment as IDisposable;
            var preset = golden.Preset();
            using var stop = new CancellationTokenSource();
            (preset.Trainer.Seed, preset.Trainer.Checkpoints) =
                (Seed, new Checkpointing { Folder = Path.Combine(folder, "checkpoints"), Every = null, Keep = 1 });
            if (golden.StopAt is { } step) (preset.Trainer.CancellationToken, preset.Trainer.Progress) = (stop.Token, new StopAtStep(step, stop));
            var logged = golden.LoggedSteps == 0 ? null : rl.Data.Record(environment, golden.LoggedSteps, seed: Seed);
            var (trainer, report) = Train(logged);
            if (report is null)
            {
                (preset.Trainer.CancellationToken, preset.Trainer.Progress) = (default, null);
                trainer = Trainer();
                report = trainer.Resume(preset.Trainer.Checkpoints.Folder);
            }

            using var snapshot = trainer.Open(preset.Trainer.Checkpoints.Folder);
            return new Dictionary<string, string>
            {
                ["policy"] = PolicyHash(report, folder),
                ["metrics"] = MetricsHash(report.History),
                ["real"] = Hash(rl.Data, snapshot.Transitions),
                ["imagined"] = Hash(rl.Data, snapshot.ImaginedTransitions()),
                ["model"] = snapshot.HasDynamics ? ModelHash(rl.Data, snapshot) : "none",
            };

            MbpoTrainer Trainer() => rl.Mbpo(
                environment, preset.Trainer, golden.Dynamics?.Invoke(mlContext) ?? rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics),
                rl.Rollouts.Branched(preset.Rollouts),
                rl.Policies.SoftActorCritic(preset.Policy));

            (MbpoTrainer Trainer, TrainingReport? Report) Train(IDataView? warmUp)
            {
                var first = Trainer();
                try
                {
                    return (first, first.Train(warmUp));
                }
                catch (TrainingCanceledException) when (golden.StopAt is not null)
                {
                    return (first, null);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string PolicyHash(TrainingReport report, string folder)
    {
        var file = Path.Combine(folder, "policy.onnx");
        report.Policy.ExportToOnnx(file);
        return Hash(File.ReadAllBytes(file));
    }

    private static string MetricsHash(IReadOnlyList<EpochMetrics> history)
    {
        var text = new StringBuilder();
        foreach (var epoch in history)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{epoch.Epoch} {epoch.Step}");
            foreach (var (name, value) in epoch.Values.OrderBy(metric => metric.Key, StringComparer.Ordinal)
                .Where(metric => !metric.Key.Contains("seconds", StringComparison.Ordinal)))
                text.AppendLine(CultureInfo.InvariantCulture, $"{name} {value:R}");
        }

        return Hash(Encoding.UTF8.GetBytes(text.ToString()));
    }

    // What the model draws for the real transitions.
    private static string ModelHash(DataCatalog data, TrainingSnapshot snapshot)
    {
        using var scope = NewDisposeScope();
        using var table = data.Read(snapshot.Transitions);
        using var generator = new Generator(Seed);
        var (observation, action) = (table.Layout.Observation(table.Rows), table.Layout.Action(table.Rows));
        using var sample = snapshot.Dynamics.Sample(observation, action, generator);
        return Hash(cat([sample.NextObservation, sample.Reward.unsqueeze(1)], 1).contiguous().bytes);
    }

    private static string Hash(DataCatalog data, DenseDataView view)
    {
        if (view.RowCount == 0) return "none";
        using var table = data.Read(view);
        return Hash(table.Rows.bytes);
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes))[..16];

    private sealed class StopAtStep(int step, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step >= step) stop.Cancel();
        }
    }
}
