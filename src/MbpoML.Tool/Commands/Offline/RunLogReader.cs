using MbpoML.Data;
using MbpoML.Experiments.Evaluations;
using MbpoML.Tool.Tasks;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>Reads the real transitions of a run.</summary>
internal sealed class RunLogReader : ITransitionLogReader
{
    public bool Reads(string path) => Directory.Exists(path);

    public IDataView Read(MLContext ml, string path, (int Observations, int Actions) sizes)
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
