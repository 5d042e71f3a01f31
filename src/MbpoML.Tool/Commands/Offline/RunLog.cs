using MbpoML.Data;
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
}
