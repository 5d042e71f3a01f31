using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>Reads a binary file of ML.NET with the standard columns of transitions, as <c>mlContext.Data.SaveAsBinary</c> writes it.</summary>
internal sealed class BinaryLogReader : ITransitionLogReader
{
    public bool Reads(string path) => path.EndsWith(".idv", StringComparison.OrdinalIgnoreCase);

    public IDataView Read(MLContext ml, string path, (int Observations, int Actions) sizes)
    {
        try
        {
            return ml.Data.LoadFromBinary(path);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException)
        {
            throw new RunSpecException($"'{path}' is no binary file of ML.NET: {exception.Message}");
        }
    }
}
