using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using MbpoML.Numerics;
using Tensorboard;

namespace MbpoML.Training.Metrics;

/// <summary>Writes metrics as TensorBoard events; <c>tensorboard --logdir folder</c> draws them.</summary>
/// <remarks>
/// TensorBoard stores values as float32 and steps as 32-bit integers. Each event is on its way to disk when <see cref="Write"/> returns: the file is not held
/// open. Every writer has a file of its own, so several writers, and other programs, may write into one folder at the same time.
/// </remarks>
public sealed class TensorBoardMetricsWriter : IMetricsWriter
{
    // What TensorBoard expects in the first event of a file.
    private const string FileVersion = "brain.Event:2";

    private static int _made;

    private readonly string _file;
    private readonly TimeProvider _clock;
    private bool _disposed;

    /// <summary>Starts a new event file in a folder; makes the folder where it is missing.</summary>
    /// <param name="folder">The folder of one run. A resumed run adds another event file to it, which TensorBoard joins to the first.</param>
    /// <param name="clock">Gives the time of each event; the system's clock when null.</param>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    /// <exception cref="IOException">The folder or a file in it cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public TensorBoardMetricsWriter(string folder, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        _file = Create(folder);
    }

    /// <inheritdoc/>
    public void Write(long step, IReadOnlyDictionary<string, double> metrics)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check.Within(0, int.MaxValue, step);
        ArgumentNullException.ThrowIfNull(metrics);
        Append(metrics.Select(metric => new Event
        {
            WallTime = Now(),
            Step = step,
            Summary = new Summary { Value = { new Summary.Types.Value { Tag = metric.Key, SimpleValue = (float)metric.Value } } },
        }));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The files stay as they are: an event that says where the run goes on makes TensorBoard leave out what the files before it hold beyond.
    /// </remarks>
    public void Resume(IReadOnlyList<EpochMetrics> history)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(history);
        Append([new Event
        {
            WallTime = Now(),
            Step = history.Count == 0 ? 0 : history[^1].Step + 1,
            SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start },
        }]);
    }

    /// <inheritdoc/>
    /// <remarks>Nothing waits: each event was written and its file closed.</remarks>
    public void Flush() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <inheritdoc/>
    /// <remarks>Nothing is held between two events; what comes later is refused.</remarks>
    public void Dispose() => _disposed = true;

    // TensorBoard reads the files of a folder in the order of their names, so that the time, which orders the sessions of a run, comes first. Machine, process
    // and number make the name this writer's own.
    private string Create(string folder)
    {
        while (true)
        {
            var number = Interlocked.Increment(ref _made);
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"events.out.tfevents.{_clock.GetUtcNow().ToUnixTimeMilliseconds():D13}.{Environment.MachineName}.{Environment.ProcessId}.{number}");
            var path = Path.Combine(folder, name);
            try
            {
                using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                file.Write(Record(new Event { WallTime = Now(), FileVersion = FileVersion }.ToByteArray()));
                return path;
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another machine of the same name, or a container, has taken it.
            }
        }
    }

    private void Append(IEnumerable<Event> events)
    {
        using var file = new FileStream(_file, FileMode.Append, FileAccess.Write, FileShare.Read);
        foreach (var one in events) file.Write(Record(one.ToByteArray()));
    }

    private double Now() => _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

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
