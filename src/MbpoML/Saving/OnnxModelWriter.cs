using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace MbpoML.Saving;

/// <summary>Authors an ONNX model: nodes in the order they run, constants, inputs, outputs and metadata.</summary>
/// <remarks>
/// The field numbers are those of onnx.proto3 (IR version 8), the operators those of operator set 13. Names are up to the caller and must be unique;
/// every method that adds a value returns its name, so that a graph reads as an expression.
/// </remarks>
internal sealed class OnnxModelWriter(string graphName)
{
    private const int IrVersion = 8;
    private const int OperatorSet = 13;
    internal const int Float32 = 1;
    private const int Int64 = 7;

    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _constants = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];
    private readonly List<(string Key, string Value)> _metadata = [];

    /// <summary>Declares a float input.</summary>
    /// <param name="name">What callers feed.</param>
    /// <param name="shape">The dimensions; null stands for any batch size.</param>
    public string Input(string name, params long?[] shape)
    {
        _inputs.Add(ValueInfo(name, shape));
        return name;
    }

    /// <summary>Declares a value that some node makes as a float output of the model.</summary>
    public void Output(string name, params long?[] shape) => _outputs.Add(ValueInfo(name, shape));

    /// <summary>Adds a float constant, row-major.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params long[] shape) =>
        Constant(name, Float32, MemoryMarshal.AsBytes(values).ToArray(), shape);

    /// <summary>Adds a vector of integers, as shapes are given.</summary>
    public string Constant(string name, params long[] values) => Constant(name, Int64, MemoryMarshal.AsBytes<long>(values).ToArray(), [values.Length]);

    /// <summary>Adds a node with one output, whose name it returns.</summary>
    /// <param name="operation">The operator's name in the ONNX standard.</param>
    /// <param name="output">The name of the value it makes.</param>
    /// <param name="inputs">The values it reads.</param>
    public string Node(string operation, string output, params string[] inputs) => Node(operation, output, inputs, attribute: null);

    /// <summary>Adds a node with one output and one float attribute.</summary>
    public string Node(string operation, string output, string[] inputs, (string Name, float Value)? attribute)
    {
        _nodes.Add(Message(node =>
        {
            foreach (var input in inputs) WriteString(node, 1, input);
            WriteString(node, 2, output);
            WriteString(node, 3, output);
            WriteString(node, 4, operation);
            if (attribute is var (name, value)) WriteMessage(node, 5, FloatAttribute(name, value));
        }));
        return output;
    }

    /// <summary>Adds a node with whole numbers as attributes.</summary>
    /// <param name="operation">The operator's name in the ONNX standard.</param>
    /// <param name="outputs">The names of the values it makes.</param>
    /// <param name="inputs">The values it reads.</param>
    /// <param name="attributes">Names and numbers.</param>
    /// <param name="isList">Whether the standard asks for a list, rather than for one number, under a name.</param>
    /// <returns>The first output.</returns>
    public string Node(string operation, string[] outputs, string[] inputs, (string Name, long[] Values)[] attributes, Func<string, bool> isList)
    {
        _nodes.Add(Message(node =>
        {
            foreach (var input in inputs) WriteString(node, 1, input);
            foreach (var output in outputs) WriteString(node, 2, output);
            WriteString(node, 3, outputs[0]);
            WriteString(node, 4, operation);
            foreach (var (name, values) in attributes) WriteMessage(node, 5, IntegerAttribute(name, values, isList(name)));
        }));
        return outputs[0];
    }

    /// <summary>Adds an entry to the model's metadata_props.</summary>
    public void Metadata(string key, string value) => _metadata.Add((key, value));

    /// <summary>The model as the bytes of an .onnx file.</summary>
    /// <param name="producerVersion">The version of this library.</param>
    public byte[] ToArray(string producerVersion) => Message(model =>
    {
        WriteInteger(model, 1, IrVersion);
        WriteString(model, 2, "MbpoML");
        WriteString(model, 3, producerVersion);
        WriteMessage(model, 7, Graph());
        WriteMessage(model, 8, Message(operators => WriteInteger(operators, 2, OperatorSet)));
        foreach (var (key, value) in _metadata)
        {
            WriteMessage(model, 14, Message(entry =>
            {
                WriteString(entry, 1, key);
                WriteString(entry, 2, value);
            }));
        }
    });

    private byte[] Graph() => Message(graph =>
    {
        foreach (var node in _nodes) WriteMessage(graph, 1, node);
        WriteString(graph, 2, graphName);
        foreach (var constant in _constants) WriteMessage(graph, 5, constant);
        foreach (var input in _inputs) WriteMessage(graph, 11, input);
        foreach (var output in _outputs) WriteMessage(graph, 12, output);
    });

    private string Constant(string name, int elementType, byte[] littleEndian, long[] shape)
    {
        _constants.Add(Message(tensor =>
        {
            foreach (var dimension in shape) WriteInteger(tensor, 1, dimension);
            WriteInteger(tensor, 2, elementType);
            WriteString(tensor, 8, name);
            WriteMessage(tensor, 9, littleEndian);
        }));
        return name;
    }

    private static byte[] ValueInfo(string name, long?[] shape)
    {
        var dimensions = Message(all =>
        {
            foreach (var size in shape)
            {
                WriteMessage(all, 1, Message(dimension =>
                {
                    if (size is { } known) WriteInteger(dimension, 1, known);
                    else WriteString(dimension, 2, "batch");
                }));
            }
        });
        var tensorType = Message(tensor =>
        {
            WriteInteger(tensor, 1, Float32);
            WriteMessage(tensor, 2, dimensions);
        });
        return Message(value =>
        {
            WriteString(value, 1, name);
            WriteMessage(value, 2, Message(type => WriteMessage(type, 1, tensorType)));
        });
    }

    private static byte[] FloatAttribute(string name, float value) => Message(attribute =>
    {
        const int floatAttribute = 1;
        WriteString(attribute, 1, name);
        attribute.WriteTag(2, WireFormat.WireType.Fixed32);
        attribute.WriteFloat(value);
        WriteInteger(attribute, 20, floatAttribute);
    });

    private static byte[] IntegerAttribute(string name, long[] values, bool isList) => Message(attribute =>
    {
        const int integerAttribute = 2, listAttribute = 7;
        WriteString(attribute, 1, name);
        foreach (var value in values) WriteInteger(attribute, isList ? 8 : 3, value);
        WriteInteger(attribute, 20, isList ? listAttribute : integerAttribute);
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var stream = new CodedOutputStream(bytes, leaveOpen: true)) write(stream);
        return bytes.ToArray();
    }

    private static void WriteInteger(CodedOutputStream stream, int field, long value)
    {
        stream.WriteTag(field, WireFormat.WireType.Varint);
        stream.WriteInt64(value);
    }

    private static void WriteString(CodedOutputStream stream, int field, string value) => WriteMessage(stream, field, Encoding.UTF8.GetBytes(value));

    // Strings, bytes and nested messages are alike on the wire: a length and that many bytes.
    private static void WriteMessage(CodedOutputStream stream, int field, byte[] message)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteBytes(UnsafeByteOperations.UnsafeWrap(message));
    }
}
