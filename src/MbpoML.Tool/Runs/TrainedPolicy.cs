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

    /// <summary>That of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="environment">Makes its environment in place of the one that it names; null for that one.</param>
    /// <exception cref="ToolException">The run has neither policy nor checkpoint.</exception>
    public static TrainedPolicy Of(RunFolder folder, string? environment = null)
    {
        var report = RunReport.Read(folder.Report);
        var isSaved = File.Exists(folder.Policy);
        if (isSaved && report is { Status: not RunStatus.Running }) return OfFile(folder, report.Steps);
        if (Checkpointing.Exists(folder.Checkpoints)) return OfCheckpoint(folder, environment);
        return isSaved ? OfFile(folder, report?.Steps ?? 0) : throw new ToolException($"'{folder.Path}' has no policy yet: wait for its first checkpoint, or go on with '{folder.ResumeCommand}'.");
    }

    public void Dispose() => _owner.Dispose();

    private static TrainedPolicy OfFile(RunFolder folder, int steps)
    {
        var policy = new MLContext().Reinforcement().Policies.Load(folder.Policy);
        return new TrainedPolicy(policy, steps, policy);
    }

    private static TrainedPolicy OfCheckpoint(RunFolder folder, string? environment)
    {
        var run = OpenedRun.Newest(folder, environment);
        return new TrainedPolicy(run.Snapshot.Policy, run.Snapshot.Step, run);
    }
}
