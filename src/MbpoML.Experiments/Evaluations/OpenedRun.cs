using MbpoML.Algorithms.Mbpo;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Experiments.Tasks;
using MbpoML.Training;
using Microsoft.ML;

namespace MbpoML.Experiments.Evaluations;

/// <summary>A run opened at one of its checkpoints, to look at: nothing of it changes.</summary>
public sealed class OpenedRun : IDisposable
{
    private readonly RunFolder _folder;

    private OpenedRun(RunFolder folder, RunOptions options, IEnvironment environment, string checkpoints)
    {
        (_folder, Options, Environment) = (folder, options, environment);
        try
        {
            var settings = options.WithSeed(options.Seed).Settings;
            settings.TrainerOptions.Checkpoints = null;
            Snapshot = Algorithm.CreateTrainer(new MLContext(options.Seed).Reinforcement(), Environment, settings).Open(checkpoints);
        }
        catch
        {
            Environment.Dispose();
            throw;
        }
    }

    /// <summary>What it was started with.</summary>
    public RunOptions Options { get; }

    /// <summary>A new environment of the run's task.</summary>
    public IEnvironment Environment { get; }

    /// <summary>Where imagined rollouts end, as in training: the run's function, else the task's; null where it is the model that says so.</summary>
    public ITerminationFunction? Termination => Options.Settings.TrainerOptions.Termination ?? Environment.Termination;

    /// <summary>What imagined rollouts earn, as in training: the run's function, else the task's; null where it is the model that says so.</summary>
    public IRewardFunction? Reward => Options.Settings.TrainerOptions.Reward ?? Environment.Reward;

    /// <summary>What the checkpoint holds.</summary>
    public TrainingSnapshot Snapshot { get; }

    /// <summary>The model as last fitted.</summary>
    /// <exception cref="RunDataException">The run has none.</exception>
    public IEnsembleDynamicsModel Model => Snapshot.HasDynamics
        ? (IEnsembleDynamicsModel)Snapshot.Dynamics
        : throw new RunDataException(
            Invariant($"'{_folder.Path}' has no dynamics model at step {Snapshot.Step}: soft actor-critic alone fits none, and no run does before its ") +
                "random exploration is over.");

    /// <summary>A run at its newest checkpoint.</summary>
    /// <param name="folder">The folder of the run, with a checkpoint.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <param name="environment">Makes its environment in place of the one that it names; null for that one.</param>
    /// <exception cref="RunDataException">It has none.</exception>
    /// <exception cref="RunSpecException">Its options or its environment cannot be used.</exception>
    public static OpenedRun Newest(RunFolder folder, TaskCatalog tasks, string? environment = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(tasks);
        return Checkpointing.Exists(folder.Checkpoints) ? Create(folder, RunOptions.Open(folder.Options, tasks, environment), folder.Checkpoints)
            : throw Missing(folder);
    }

    /// <summary>A run at its newest checkpoint, with an environment that has the sizes of its own.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <param name="environment">Disposed with the run.</param>
    /// <exception cref="RunDataException">It has none.</exception>
    internal static OpenedRun Newest(RunFolder folder, TaskCatalog tasks, IEnvironment environment) => Checkpointing.Exists(folder.Checkpoints)
        ? new OpenedRun(folder, RunOptions.Read(folder.Options, tasks), environment, folder.Checkpoints)
        : throw Missing(folder);

    /// <summary>A run at each of its checkpoints, oldest first; each is opened as it is asked for, and the caller's to dispose.</summary>
    /// <param name="folder">The folder of the run, with a checkpoint.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <param name="environment">Makes its environment in place of the one that it names; null for that one.</param>
    /// <param name="newest">How many of them, the newest.</param>
    /// <exception cref="RunDataException">It has none.</exception>
    /// <exception cref="RunSpecException">Its options or its environment cannot be used.</exception>
    public static IEnumerable<OpenedRun> All(RunFolder folder, TaskCatalog tasks, string? environment = null, int newest = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentOutOfRangeException.ThrowIfLessThan(newest, 1);
        string[] files = [.. Checkpointing.Files(folder.Checkpoints).Take(newest).Reverse()];
        if (files.Length == 0) throw Missing(folder);
        var options = RunOptions.Open(folder.Options, tasks, environment);
        return files.Select(file => Create(folder, options, file));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Snapshot.Dispose();
        Environment.Dispose();
    }

    private static OpenedRun Create(RunFolder folder, RunOptions options, string checkpoints) => new(folder, options, options.Task.Create(), checkpoints);

    private static RunDataException Missing(RunFolder folder) => new($"'{folder.Path}' has no checkpoint, which is where policy, model and data are kept.");
}
