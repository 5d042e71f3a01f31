using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MbpoML.Numerics;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Training.Checkpoints;

/// <summary>
/// Reads a checkpoint, whoever wrote it: the checksum and the whole structure are verified before any value is used, and no more is allocated than the file
/// holds.
/// </summary>
internal sealed class CheckpointReader : IStateReader, IDisposable
{
    private const int BufferSize = 1 << 20;
    private const long RowsAtOnce = 65_536;

    private readonly FileStream _file;
    private readonly Dictionary<string, Entry> _entries = [];

    /// <exception cref="CheckpointException">The file is cut off, damaged, of another format or cannot be opened.</exception>
    public CheckpointReader(string path)
    {
        FilePath = path;
        try
        {
            if (ForeignFile.Length(path) < CheckpointFormat.HeaderSize) throw Damaged("it is too short");
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"The checkpoint '{path}' cannot be opened: {exception.Message}", exception);
        }

        try
        {
            CheckHeader();
            CheckChecksum();
            ReadIndex();
        }
        catch (Exception exception)
        {
            _file.Dispose();
            if (exception is IOException) throw Damaged("reading it failed", exception);
            throw;
        }
    }

    /// <summary>Where it was read from.</summary>
    public string FilePath { get; }

    public IEnumerable<string> Names => _entries.Keys;

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The values as a tensor on the CPU; the caller disposes it.</summary>
    public Tensor Tensor(string name)
    {
        var entry = Find(name);
        if (entry.Length > int.MaxValue) throw Damaged($"'{name}' has {entry.Count} values, more than can be read at once");
        var tensor = empty(entry.Shape, ToScalarType(entry.Type));
        try
        {
            if (entry.Count > 0) Fill(entry, 0, tensor.bytes);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    public double[] Doubles(string name) => Values<double>(name, EntryType.Float64);

    public long[] Integers(string name) => Values<long>(name, EntryType.Int64);

    public byte[] Bytes(string name) => Values<byte>(name, EntryType.Byte);

    public string Text(string name) => Encoding.UTF8.GetString(Bytes(name));

    public void Rows(string name, long most, long width, Action<Tensor> take)
    {
        var entry = Find(name);
        if (entry.Type != EntryType.Float32 || entry.Shape.Length != 2 || entry.Shape[1] != width || entry.Shape[0] > most)
            throw Damaged(Invariant($"'{name}' is {entry.Type} [{string.Join(", ", entry.Shape)}], but Float32 [at most {most}, {width}] was expected"));
        var count = entry.Shape[0];
        using var scope = NewDisposeScope();
        using var block = empty(Math.Min(RowsAtOnce, Math.Max(1, count)), width, ScalarType.Float32);
        for (var first = 0L; first < count; first += RowsAtOnce)
        {
            using var rows = block.narrow(0, 0, Math.Min(RowsAtOnce, count - first));
            Fill(entry, first * width * sizeof(float), rows.bytes);
            take(rows);
        }
    }

    /// <summary>What to throw where the content makes no sense.</summary>
    public CheckpointException Damaged(string reason, Exception? cause = null) =>
        new($"The checkpoint '{FilePath}' cannot be used: {reason}. Take the one before it, or begin again.", cause!);

    public void Dispose() => _file.Dispose();

    private void CheckHeader()
    {
        Span<byte> header = stackalloc byte[CheckpointFormat.HeaderSize];
        if (_file.Length < CheckpointFormat.HeaderSize + 1 + CheckpointFormat.ChecksumSize || _file.ReadAtLeast(header, header.Length, false) < header.Length)
            throw Damaged("it is too short");
        if (!header.StartsWith(CheckpointFormat.Magic)) throw Damaged("it does not begin as a checkpoint of MbpoML does");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[CheckpointFormat.Magic.Length..]);
        if (version != CheckpointFormat.Version)
            throw new CheckpointException(
                $"The checkpoint '{FilePath}' has the format {version}, but this version of MbpoML reads format {CheckpointFormat.Version}; use the version " +
                    "that wrote it.");
    }

    private void CheckChecksum()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        _file.Position = 0;
        for (var left = _file.Length - CheckpointFormat.ChecksumSize; left > 0;)
        {
            var read = _file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0) throw Damaged("it ended while it was read");
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        Span<byte> checksum = stackalloc byte[CheckpointFormat.ChecksumSize];
        _file.ReadExactly(checksum);
        if (!checksum.SequenceEqual(hash.GetHashAndReset())) throw Damaged("its checksum is wrong: it is cut off or was changed");
    }

    private void ReadIndex()
    {
        _file.Position = CheckpointFormat.HeaderSize;
        var end = _file.Length - CheckpointFormat.ChecksumSize;
        using var reader = new BinaryReader(_file, Encoding.UTF8, leaveOpen: true);
        for (var type = reader.ReadByte(); type != CheckpointFormat.End; type = reader.ReadByte())
        {
            var entry = ReadEntry((EntryType)type, reader, end);
            if (_entries.Count == CheckpointFormat.MaxEntries || !_entries.TryAdd(entry.Name, entry))
                throw Damaged($"it has too many entries, or '{entry.Name}' twice");
            _file.Position = entry.Offset + entry.Length;
        }

        if (_file.Position != end) throw Damaged("something follows its end");
    }

    private Entry ReadEntry(EntryType type, BinaryReader reader, long end)
    {
        if (!Enum.IsDefined(type)) throw Damaged($"it has an entry of the unknown type {(byte)type}");
        var length = reader.ReadUInt16();
        if (length > CheckpointFormat.MaxNameLength) throw Damaged("it has an entry whose name is too long");
        var name = Encoding.UTF8.GetString(reader.ReadBytes(length));
        // A byte that is no UTF-8 becomes a longer character, so the text is checked too.
        if (!CheckpointFormat.IsName(name)) throw Damaged("it has an entry without a usable name");
        var dimensions = reader.ReadByte();
        if (dimensions > CheckpointFormat.MaxDimensions) throw Damaged($"'{name}' has {dimensions} dimensions");
        var shape = new long[dimensions];
        // In bytes; kept below the file's length at each factor, so that no product overflows.
        var room = end - _file.Position - (sizeof(long) * dimensions);
        var size = (long)CheckpointFormat.SizeOf(type);
        var extent = 1L;
        for (var index = 0; index < dimensions; index++)
        {
            shape[index] = reader.ReadInt64();
            if (shape[index] < 0 || shape[index] > end || (shape[index] > 0 && size > room / shape[index]))
                throw Damaged($"'{name}' claims more values than the file holds");
            size *= shape[index];
            if (shape[index] > CheckpointFormat.MaxExtent / extent) throw Damaged($"'{name}' has dimensions that are too large");
            extent *= Math.Max(1, shape[index]);
        }

        return size <= room ? new Entry(name, type, shape, _file.Position) : throw Damaged($"'{name}' claims more values than the file holds");
    }

    private T[] Values<T>(string name, EntryType type)
        where T : unmanaged
    {
        var entry = Find(name);
        if (entry.Type != type || entry.Shape.Length != 1)
            throw Damaged($"'{name}' is {entry.Type} [{string.Join(", ", entry.Shape)}], but {type} [values] was expected");
        if (entry.Length > Array.MaxLength) throw Damaged($"'{name}' has {entry.Count} values, more than a list can hold");
        var values = new T[entry.Count];
        Fill(entry, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private void Fill(Entry entry, long start, Span<byte> destination)
    {
        try
        {
            _file.Position = entry.Offset + start;
            _file.ReadExactly(destination);
        }
        catch (IOException exception)
        {
            throw Damaged("reading it failed", exception);
        }
    }

    private Entry Find(string name) => _entries.TryGetValue(name, out var entry) ? entry : throw Damaged($"it has no '{name}'");

    private static ScalarType ToScalarType(EntryType type) => type switch
    {
        EntryType.Float32 => ScalarType.Float32,
        EntryType.Float64 => ScalarType.Float64,
        EntryType.Int64 => ScalarType.Int64,
        _ => ScalarType.Byte,
    };
}
