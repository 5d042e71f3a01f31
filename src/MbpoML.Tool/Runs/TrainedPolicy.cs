using MbpoML.Policies;
using MbpoML.Training;
using Microsoft.ML;

namespace MbpoML.Tool.Runs;

/// <summary>What a run has learned so far: its saved policy, or, while it runs and after it was killed, that of its newest checkpoint.</summary>
internal sealed class TrainedPolicy : IDisposable
{
    private readonly IDisposable _owner;

    private TrainedPolicy(PolicyTransformer policy, int steps, IDisposable owner) => (Policy, Steps, _owner) = (policy, steps, owner);

    public PolicyTransformer Policy { get; }

    /// <summary>The steps after which it stood so.</summary>
    public int Steps { get; }

    /// <exception cref="ToolException">The run has neither policy nor checkpoint.</exception>
    public static TrainedPolicy Of(RunFolder folder)
    {
        var report = RunReport.Read(folder.Report);
        var isSaved = File.Exists(folder.Policy);
        if (isSaved && report is { Status: not RunStatus.Running }) return OfFile(folder, report.Steps);
        if (Checkpointing.Exists(folder.Checkpoints)) return OfCheckpoint(folder);
        return isSaved ? OfFile(folder, report?.Steps ?? 0) : throw new ToolException($"'{folder.Path}' has no policy yet: wait for its first checkpoint, or go on with 'mbpo resume {folder.Path}'.");
    }

    public void Dispose() => _owner.Dispose();

    private static TrainedPolicy OfFile(RunFolder folder, int steps)
    {
        var policy = new MLContext().Reinforcement().Policies.Load(folder.Policy);
        return new TrainedPolicy(policy, steps, policy);
    }

    private static TrainedPolicy OfCheckpoint(RunFolder folder)
    {
        var run = OpenedRun.Newest(folder);
        return new TrainedPolicy(run.Snapshot.Policy, run.Snapshot.Step, run);
    }
}
