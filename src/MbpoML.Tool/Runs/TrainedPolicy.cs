using MbpoML.Policies;
using MbpoML.Training;
using Microsoft.ML;

namespace MbpoML.Tool.Runs;

/// <summary>What a run has learned so far: its saved policy, or, while it runs and after it was killed, that of its newest checkpoint.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Steps">The steps after which it stood so.</param>
internal sealed record TrainedPolicy(PolicyTransformer Policy, int Steps) : IDisposable
{
    public static TrainedPolicy Of(RunFolder folder, RunOptions options)
    {
        var report = RunReport.Read(folder.Report);
        if (report is { Status: not RunStatus.Running } && File.Exists(folder.Policy)) return new TrainedPolicy(new MLContext().Reinforcement().Policies.Load(folder.Policy), report.Steps);
        if (Checkpointing.Exists(folder.Checkpoints)) return OfCheckpoint(folder, options);
        if (File.Exists(folder.Policy)) return new TrainedPolicy(new MLContext().Reinforcement().Policies.Load(folder.Policy), report?.Steps ?? 0);
        throw new ToolException($"'{folder.Path}' has no policy yet: wait for its first checkpoint, or go on with 'mbpo resume {folder.Path}'.");
    }

    public void Dispose() => Policy.Dispose();

    // A run that is resumed and stopped at once says what it had learned.
    private static TrainedPolicy OfCheckpoint(RunFolder folder, RunOptions options)
    {
        using var environment = options.Task.Create();
        var settings = options.WithSeed(options.Seed).Settings;
        (settings.Trainer.Checkpoints, settings.Trainer.CancellationToken) = (null, new CancellationToken(canceled: true));
        try
        {
            var report = new MLContext(options.Seed).Reinforcement().Mbpo(environment, settings).Resume(folder.Checkpoints);
            return new TrainedPolicy(report.Policy, report.Steps);
        }
        catch (TrainingCanceledException stopped)
        {
            return new TrainedPolicy(stopped.Report!.Policy, stopped.Report.Steps);
        }
    }
}
