using static TorchSharp.torch;

namespace MbpoML.Saving;

/// <summary>Writes the values of a part beside those of others.</summary>
/// <param name="writer">The writer that receives the values.</param>
/// <param name="prefix">Begins every name.</param>
internal sealed class PrefixedStateWriter(IStateWriter writer, string prefix) : IStateWriter
{
    public void Add(string name, Tensor value) => writer.Add(prefix + name, value);

    public void Add(string name, ReadOnlySpan<double> values) => writer.Add(prefix + name, values);

    public void Add(string name, params ReadOnlySpan<long> values) => writer.Add(prefix + name, values);

    public void Add(string name, ReadOnlySpan<byte> values) => writer.Add(prefix + name, values);

    public void Add(string name, string text) => writer.Add(prefix + name, text);

    public void Add(string name, long rows, long width, Action<long, Tensor> copy) => writer.Add(prefix + name, rows, width, copy);
}
