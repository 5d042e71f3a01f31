using MbpoML.Data;
using MbpoML.Environments.Functions;
using MbpoML.Experiments.Evaluations;
using MbpoML.Tool.Tasks;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>Reads the real transitions of a run.</summary>
internal static class RunLog
{
    /// <summary>Whether a path is the folder of a run.</summary>
    public static bool IsOne(string path) => Directory.Exists(path) && new RunFolder(path).IsRun;

    /// <summary>Reads the newest checkpoint of a run.</summary>
    /// <exception cref="RunSpecException">It is no such run, or none of its checkpoints can be read.</exception>
    public static IDataView Read(string path)
    {
        var run = OpenedRun.Newest(RunFolders.Existing(path), TaskList.Catalog, (string?)null);
        using (run)
        {
            // The view of an opened run ends with it.
            using var table = TransitionReader.Read(run.Snapshot.Transitions);
            return table.ToDataView();
        }
    }

    /// <summary>
    /// What ends imagined steps and what they earn, as in the training of the run of a folder; null where its model learned it, and of other logs.
    /// </summary>
    /// <exception cref="RunSpecException">The run's options or its environment cannot be used.</exception>
    public static (ITerminationFunction? Termination, IRewardFunction? Reward) FunctionsOf(string path)
    {
        if (!IsOne(path)) return (null, null);
        var options = RunOptions.Open(RunFolders.Existing(path).Options, TaskList.Catalog);
        using var environment = options.Task.Create();
        var trainer = options.Settings.TrainerOptions;
        return (trainer.Termination ?? environment.Termination, trainer.Reward ?? environment.Reward);
    }
}
