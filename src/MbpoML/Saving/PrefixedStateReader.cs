using static TorchSharp.torch;

namespace MbpoML.Saving;

/// <summary>Reads the values of a part that stand beside those of others.</summary>
/// <param name="reader">The source of the values.</param>
/// <param name="prefix">Begins the names of this part.</param>
internal sealed class PrefixedStateReader(IStateReader reader, string prefix) : IStateReader
{
    public IEnumerable<string> Names => reader.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);

    public bool Has(string name) => reader.Has(prefix + name);

    public Tensor Tensor(string name) => reader.Tensor(prefix + name);

    public double[] Doubles(string name) => reader.Doubles(prefix + name);

    public long[] Integers(string name) => reader.Integers(prefix + name);

    public byte[] Bytes(string name) => reader.Bytes(prefix + name);

    public string Text(string name) => reader.Text(prefix + name);

    public void Rows(string name, long most, long width, Action<Tensor> take) => reader.Rows(prefix + name, most, width, take);

    public CheckpointException Damaged(string reason, Exception? cause = null) => reader.Damaged(reason, cause);
}
