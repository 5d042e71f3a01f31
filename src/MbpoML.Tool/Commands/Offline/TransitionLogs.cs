using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>The kinds of logs that the tool reads.</summary>
internal static class TransitionLogs
{
    private static readonly ITransitionLogReader[] Readers = [new RunLogReader(), new BinaryLogReader(), new CsvLogReader()];

    /// <summary>Reads a log, whatever its kind.</summary>
    /// <param name="ml">The context of the view.</param>
    /// <param name="path">A file or a folder.</param>
    /// <param name="sizes">Dimensions of observations and actions where the command line says them; 0 where it does not.</param>
    /// <exception cref="RunSpecException">There is no such log, or it cannot be read.</exception>
    public static IDataView Read(MLContext ml, string path, (int Observations, int Actions) sizes)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new RunSpecException($"There is no log '{path}': name a CSV file of transitions, a binary file of ML.NET (.idv), or the folder of a run.");
        return Readers.First(reader => reader.Reads(path)).Read(ml, path, sizes);
    }
}
