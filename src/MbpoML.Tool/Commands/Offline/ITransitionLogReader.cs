using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>Reads logs of one kind as transitions.</summary>
internal interface ITransitionLogReader
{
    /// <summary>Whether a path is of its kind, by its name alone; the first reader that says so reads it.</summary>
    /// <param name="path">A file or a folder that is there.</param>
    bool Reads(string path);

    /// <summary>Reads a log.</summary>
    /// <param name="ml">The context of the view.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="sizes">Dimensions of observations and actions where the command line says them; 0 where it does not.</param>
    /// <returns>A view with the standard columns of transitions, in the order of time.</returns>
    /// <exception cref="RunSpecException">It is no such log; the message says why.</exception>
    IDataView Read(MLContext ml, string path, (int Observations, int Actions) sizes);
}
