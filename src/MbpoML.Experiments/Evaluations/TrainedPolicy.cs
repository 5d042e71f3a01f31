using MbpoML.Experiments.Tasks;
using MbpoML.Policies;
using MbpoML.Training;
using Microsoft.ML;

namespace MbpoML.Experiments.Evaluations;

/// <summary>What a run has learned so far: its saved policy, or, while it runs and after it was killed, that of its newest checkpoint.</summary>
public sealed class TrainedPolicy : IDisposable
{
    private readonly IDisposable _owner;

    private TrainedPolicy(PolicyTransformer policy, int steps, IDisposable owner) => (Policy, Steps, _owner) = (policy, steps, owner);

    /// <summary>The policy, disposed with this object.</summary>
    public PolicyTransformer Policy { get; }

    /// <summary>The steps after which it stood so.</summary>
    public int Steps { get; }

    /// <summary>Opens the policy of a run.</summary>
    /// <param name="folder">The folder of the run, with a policy or a checkpoint.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <param name="environment">Makes its environment in place of the one that it names; null for that one.</param>
    /// <exception cref="RunDataException">The run has neither policy nor checkpoint.</exception>
    /// <exception cref="RunSpecException">Its options or its environment cannot be used.</exception>
    public static TrainedPolicy Of(RunFolder folder, TaskCatalog tasks, string? environment = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(tasks);
        var report = RunReport.Read(folder.Report);
        var isSaved = File.Exists(folder.Policy);
        if (isSaved && report is { Status: not RunStatus.Running }) return OfFile(folder, report.Steps);
        if (Checkpointing.Exists(folder.Checkpoints)) return OfCheckpoint(folder, tasks, environment);
        return isSaved ? OfFile(folder, report?.Steps ?? 0)
            : throw new RunDataException($"'{folder.Path}' has no policy yet: wait for its first checkpoint, or go on with '{folder.ResumeCommand}'.");
    }

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();

    private static TrainedPolicy OfFile(RunFolder folder, int steps)
    {
        var policy = new MLContext().Reinforcement().Policies.Load(folder.Policy);
        return new TrainedPolicy(policy, steps, policy);
    }

    private static TrainedPolicy OfCheckpoint(RunFolder folder, TaskCatalog tasks, string? environment)
    {
        var run = OpenedRun.Newest(folder, tasks, environment);
        return new TrainedPolicy(run.Snapshot.Policy, run.Snapshot.Step, run);
    }
}
