using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Experiments.Tasks;
using MbpoML.Policies;
using Microsoft.ML;

namespace MbpoML.Experiments.Evaluations;

/// <summary>The real transitions that a run has collected, as a log.</summary>
public static class LoggedRun
{
    /// <summary>Reads them from the run's newest checkpoint; where its environment cannot be made, the sizes of its policy stand for it.</summary>
    /// <param name="folder">The folder of the run, with a checkpoint.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <param name="environment">Makes its environment in place of the one that it names; null for that one.</param>
    /// <exception cref="RunDataException">The run has no checkpoint.</exception>
    /// <exception cref="RunSpecException">Its options or its environment cannot be used.</exception>
    public static LogFile Read(RunFolder folder, TaskCatalog tasks, string? environment = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(tasks);
        var isUnknown = environment is null && RunOptions.Read(folder.Options, tasks).Task.Environment is "" && File.Exists(folder.Policy);
        if (!isUnknown) return Read(OpenedRun.Newest(folder, tasks, environment));
        using var policy = new MLContext().Reinforcement().Policies.Load(folder.Policy);
        return Read(OpenedRun.Newest(folder, tasks, new SizesOf(policy)));
    }

    private static LogFile Read(OpenedRun opened)
    {
        using var run = opened;
        using var table = TransitionReader.Read(run.Snapshot.Transitions);
        var (observations, actions) = (table.Layout.ObservationSize, table.Layout.ActionSize);
        var width = (int)table.Rows.size(1);
        var values = table.Rows.data<float>().ToArray();
        var log = new LogRows();
        for (var start = 0; start < values.Length; start += width)
        {
            var row = values.AsSpan(start, width);
            log.Add(
                row[..observations].ToArray(), row.Slice(observations, actions).ToArray(), row[observations + actions],
                row.Slice(observations + actions + 1, observations).ToArray(), terminated: null);
        }

        return log.ToFile();
    }

    // Opening a checkpoint asks an environment for nothing else.
    private sealed class SizesOf(PolicyTransformer policy) : IEnvironment
    {
        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(policy.ObservationSize);

        public BoxSpace ActionSpace { get; } = policy.ActionSpace;

        public void Reset(int seed, Span<double> observation) => throw new NotSupportedException();

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => throw new NotSupportedException();
    }
}
