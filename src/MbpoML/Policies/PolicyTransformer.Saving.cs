using MbpoML.Policies.Files;
using MbpoML.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Policies;

public sealed partial class PolicyTransformer
{
    /// <summary>Writes the policy as an ONNX model with inputs [batch, n] and outputs [batch, m], for any ONNX runtime.</summary>
    /// <param name="path">The .onnx file; one that is there is replaced.</param>
    /// <remarks>
    /// The names of input and output are those of the columns; squashing and bounds are inside, sizes and bounds also in the metadata.
    /// A stochastic policy becomes a stochastic graph, whose runtime draws the noise, seeded once when a session starts.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be written, or its folder is missing.</exception>
    public void ExportToOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        File.WriteAllBytes(path, AuthorOnnx(batched: true));
    }

    /// <summary>Saves the policy as an ML.NET OnnxTransformer, so that a program without this library loads it.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        OnnxTransformerFile.Write(_context.ML, AuthorOnnx(batched: false), [ObservationColumnName], [ActionColumnName], NoRows(), ctx);
    }

    internal byte[] AuthorOnnx(bool batched)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return PolicyOnnxGraph.Author(Parameters, ObservationColumnName, ActionColumnName, batched, _options.Seed);
    }

    private IDataView NoRows()
    {
        var schema = SchemaDefinition.Create(typeof(ObservationRow));
        schema[0].ColumnName = ObservationColumnName;
        schema[0].ColumnType = InputSchema[0].Type;
        return _context.ML.Data.LoadFromEnumerable(Array.Empty<ObservationRow>(), schema);
    }

    private sealed class ObservationRow
    {
        public float[] Observation { get; set; } = [];
    }
}
