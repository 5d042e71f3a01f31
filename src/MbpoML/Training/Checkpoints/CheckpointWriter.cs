using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Training.Checkpoints;

/// <summary>Writes entries into a checkpoint, in one pass and without holding a copy of them.</summary>
internal sealed class CheckpointWriter : IStateWriter, IDisposable
{
    // Rows of a large matrix that are copied together.
    private const long RowsAtOnce = 65_536;

    private readonly Stream _stream;
    private readonly IncrementalHash _checksum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HashSet<string> _names = [];

    /// <param name="stream">Stays the caller's.</param>
    public CheckpointWriter(Stream stream)
    {
        _stream = stream;
        Write(CheckpointFormat.Magic);
        Write(BitConverter.GetBytes(CheckpointFormat.Version));
    }

    /// <summary>Adds a tensor of one of the types of <see cref="EntryType"/>, from any device.</summary>
    public void Add(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        Begin(name, TypeOf(tensor), tensor.shape);
        var values = tensor.detach().cpu().contiguous();
        if (values.numel() > 0) Write(values.bytes);
    }

    public void Add(string name, ReadOnlySpan<double> values)
    {
        Begin(name, EntryType.Float64, [values.Length]);
        Write(MemoryMarshal.AsBytes(values));
    }

    public void Add(string name, params ReadOnlySpan<long> values)
    {
        Begin(name, EntryType.Int64, [values.Length]);
        Write(MemoryMarshal.AsBytes(values));
    }

    public void Add(string name, ReadOnlySpan<byte> values)
    {
        Begin(name, EntryType.Byte, [values.Length]);
        Write(values);
    }

    public void Add(string name, string text) => Add(name, Encoding.UTF8.GetBytes(text).AsSpan());

    /// <summary>Adds a matrix of any size, a block of rows at a time.</summary>
    public void Add(string name, long rows, long width, Action<long, Tensor> copy)
    {
        Begin(name, EntryType.Float32, [rows, width]);
        using var scope = NewDisposeScope();
        using var block = empty(Math.Min(RowsAtOnce, Math.Max(1, rows)), width, ScalarType.Float32);
        for (var first = 0L; first < rows; first += RowsAtOnce)
        {
            using var part = block.narrow(0, 0, Math.Min(RowsAtOnce, rows - first));
            copy(first, part);
            Write(part.bytes);
        }
    }

    /// <summary>Ends the file. Nothing can be added after it.</summary>
    public void Complete()
    {
        Write([CheckpointFormat.End]);
        _stream.Write(_checksum.GetHashAndReset());
    }

    public void Dispose() => _checksum.Dispose();

    private void Begin(string name, EntryType type, long[] shape)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (!CheckpointFormat.IsName(name) || !_names.Add(name) || _names.Count > CheckpointFormat.MaxEntries)
            throw new ArgumentException(
                $"'{name}' is no usable name of an entry: it must be new, of 1 to {CheckpointFormat.MaxNameLength} bytes, and without control characters.",
                nameof(name));
        Write([(byte)type]);
        Write(BitConverter.GetBytes((ushort)bytes.Length));
        Write(bytes);
        Write([(byte)shape.Length]);
        Write(MemoryMarshal.AsBytes(shape.AsSpan()));
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _checksum.AppendData(bytes);
        _stream.Write(bytes);
    }

    private static EntryType TypeOf(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float32 => EntryType.Float32,
        ScalarType.Float64 => EntryType.Float64,
        ScalarType.Int64 => EntryType.Int64,
        ScalarType.Byte => EntryType.Byte,
        _ => throw new ArgumentException($"A checkpoint holds no tensors of {tensor.dtype}.", nameof(tensor)),
    };
}
