using System.Runtime.InteropServices;
using System.Text;
using MbpoML.Saving;

namespace MbpoML.Policies.Files;

/// <summary>Takes the float constants, the metadata and the names of input and output out of what <see cref="OnnxModelWriter"/> wrote.</summary>
/// <remarks>It allocates no more than the bytes hold.</remarks>
internal sealed class OnnxModelReader
{
    private const int MaxConstants = 1024;
    private const int MaxMetadata = 32;
    private const int MaxDimensions = 2;

    private readonly Dictionary<string, (long[] Shape, float[] Values)> _constants = [];
    private readonly Dictionary<string, string> _metadata = [];

    /// <exception cref="InvalidDataException">The bytes are no such model.</exception>
    public OnnxModelReader(ReadOnlySpan<byte> model)
    {
        var fields = new ProtobufFields(model);
        while (fields.Next())
        {
            if (fields.Number == 7) ReadGraph(fields.Bytes);
            else if (fields.Number == 14) ReadMetadata(fields.Bytes);
        }
    }

    /// <summary>The name of the last input.</summary>
    public string Input { get; private set; } = "";

    /// <summary>The name of the last output.</summary>
    public string Output { get; private set; } = "";

    public bool HasConstant(string name) => _constants.ContainsKey(name);

    /// <summary>A float constant of one or two dimensions.</summary>
    /// <exception cref="InvalidDataException">It is missing.</exception>
    public (long[] Shape, float[] Values) Constant(string name) =>
        _constants.TryGetValue(name, out var constant) ? constant : throw new InvalidDataException($"its model has no constant '{name}'");

    public bool HasMetadata(string key) => _metadata.ContainsKey(key);

    /// <exception cref="InvalidDataException">It is missing.</exception>
    public string Metadata(string key) =>
        _metadata.TryGetValue(key, out var value) ? value : throw new InvalidDataException($"its model has no '{key}' in its metadata");

    private void ReadGraph(ReadOnlySpan<byte> graph)
    {
        var fields = new ProtobufFields(graph);
        while (fields.Next())
        {
            if (fields.Number == 5) ReadConstant(fields.Bytes);
            else if (fields.Number == 11) Input = NameOf(fields.Bytes);
            else if (fields.Number == 12) Output = NameOf(fields.Bytes);
        }
    }

    private void ReadConstant(ReadOnlySpan<byte> tensor)
    {
        var fields = new ProtobufFields(tensor);
        var (name, shape, type) = ("", new List<long>(), 0UL);
        ReadOnlySpan<byte> raw = [];
        while (fields.Next())
        {
            if (fields.Number == 1) shape.Add((long)fields.Value);
            else if (fields.Number == 2) type = fields.Value;
            else if (fields.Number == 8) name = Text(fields.Bytes);
            else if (fields.Number == 9) raw = fields.Bytes;
            if (shape.Count > MaxDimensions) throw new InvalidDataException("its model has a constant of more than two dimensions");
        }

        if (type != OnnxModelWriter.Float32) return;
        var values = MemoryMarshal.Cast<byte, float>(raw).ToArray();
        var count = 1L;
        foreach (var size in shape)
        {
            if (size <= 0 || count > values.Length / size) throw new InvalidDataException("its model has a constant that claims more values than it has");
            count *= size;
        }

        if (count != values.Length || raw.Length % sizeof(float) != 0)
            throw new InvalidDataException("its model has a constant of another size than its shape");
        if (!Array.TrueForAll(values, float.IsFinite)) throw new InvalidDataException("its model has a weight that is not a finite number");
        if (_constants.Count == MaxConstants || !_constants.TryAdd(name, ([.. shape], values)))
            throw new InvalidDataException("its model has too many constants, or one twice");
    }

    private void ReadMetadata(ReadOnlySpan<byte> entry)
    {
        var fields = new ProtobufFields(entry);
        var (key, value) = ("", "");
        while (fields.Next())
        {
            if (fields.Number == 1) key = Text(fields.Bytes);
            else if (fields.Number == 2) value = Text(fields.Bytes);
        }

        if (_metadata.Count == MaxMetadata || !_metadata.TryAdd(key, value))
            throw new InvalidDataException("its model has too much metadata, or an entry twice");
    }

    private static string NameOf(ReadOnlySpan<byte> valueInfo)
    {
        var fields = new ProtobufFields(valueInfo);
        while (fields.Next())
            if (fields.Number == 1) return Text(fields.Bytes);
        throw new InvalidDataException("its model has an input or output without a name");
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
