using System.CommandLine;
using MbpoML.Experiments.Execution;
using MbpoML.Orleans;
using MbpoML.Tool.Runs;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Commands;

/// <summary>The options by which a run gets its steps from collectors.</summary>
internal sealed class CollectorOptionSet
{
    private readonly Option<int?> _collectors = new("--collectors")
    {
        Description = "Environments that make their steps at once, at the collectors of a cluster; without --redis in this process. It changes the result.",
    };

    private readonly ClusterOptionSet _cluster = new();

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_collectors, .. _cluster.WithoutStore];

    /// <summary>Changes a run's options as the command line says.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options of one run.</param>
    /// <exception cref="UsageException">There would be no collector.</exception>
    public void Apply(ParseResult parsed, RunOptions options)
    {
        if (parsed.GetValue(_collectors) is not { } count) return;
        if (count < 1) throw new UsageException(Invariant($"--collectors is {count}, but must be at least 1."));
        _cluster.Check(parsed);
        options.Settings.TrainerOptions.EnvironmentsAtOnce = count;
    }

    /// <summary>Where the steps of runs are made.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="folder">The folder of a run.</param>
    /// <param name="runs">Runs side by side.</param>
    /// <returns>Null where they are made as always.</returns>
    public CollectorSource? Read(ParseResult parsed, string folder, int runs)
    {
        if (parsed.GetValue(_collectors) is null && !_cluster.HasServer(parsed)) return null;
        var worker = _cluster.HasServer(parsed) ? null : new WorkerOptions
        {
            Executor = new InProcessExecutor(TaskList.Catalog),
            Slots = 0,
            Collectors = Math.Min(1000, parsed.GetValue(_collectors)!.Value * runs),
        };
        // Nothing is written there: steps go as messages.
        return new CollectorSource(_cluster.Read(parsed, folder), worker);
    }
}
