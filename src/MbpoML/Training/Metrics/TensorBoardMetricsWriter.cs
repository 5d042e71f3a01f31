using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using MbpoML.Numerics;
using Tensorboard;
using TorchSharp;
using TorchSharp.Modules;

namespace MbpoML.Training.Metrics;

/// <summary>Writes metrics as TensorBoard events; <c>tensorboard --logdir folder</c> draws them.</summary>
/// <remarks>TensorBoard stores values as float32 and steps as 32-bit integers. Each event is on its way to disk when <see cref="Write"/> returns: the file is not held open.</remarks>
public sealed class TensorBoardMetricsWriter : IMetricsWriter
{
    private readonly SummaryWriter _events;
    private readonly string _file;
    private bool _disposed;

    /// <summary>Starts a new event file in a folder; makes the folder where it is missing.</summary>
    /// <param name="folder">The folder of one run. A resumed run adds another event file to it, which TensorBoard joins to the first.</param>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public TensorBoardMetricsWriter(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        // The events carry checksums that native code of torch computes.
        TorchRuntime.EnsureAvailable();
        Directory.CreateDirectory(folder);
        var before = Directory.GetFiles(folder);
        _events = torch.utils.tensorboard.SummaryWriter(folder, createRunName: false);
        _file = Directory.GetFiles(folder).Except(before).Single();
    }

    /// <inheritdoc/>
    public void Write(long step, IReadOnlyDictionary<string, double> metrics)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check.Within(0, int.MaxValue, step);
        ArgumentNullException.ThrowIfNull(metrics);
        foreach (var (name, value) in metrics) _events.add_scalar(name, (float)value, (int)step);
    }

    /// <inheritdoc/>
    /// <remarks>The files stay as they are: an event that says where the run goes on makes TensorBoard leave out what the files before it hold beyond.</remarks>
    public void Resume(IReadOnlyList<EpochMetrics> history)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(history);
        var start = new Event
        {
            WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0,
            Step = history.Count == 0 ? 0 : history[^1].Step + 1,
            SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start },
        };
        using var file = new FileStream(_file, FileMode.Append, FileAccess.Write);
        file.Write(Record(start.ToByteArray()));
    }

    /// <inheritdoc/>
    /// <remarks>Nothing waits: each event was written and its file closed.</remarks>
    public void Flush() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <inheritdoc/>
    /// <remarks>Nothing is held between two events; what comes later is refused.</remarks>
    public void Dispose() => _disposed = true;

    // TFRecord framing: length (8 bytes), masked CRC-32C of the length, data, masked CRC-32C of the data.
    private static byte[] Record(byte[] data)
    {
        var record = new byte[data.Length + 16];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc(data));
        return record;
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        foreach (var value in data) crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
