using System.Buffers;
using System.Text.Json;
using MbpoML.Numerics;

namespace MbpoML.Training.Metrics;

/// <summary>Appends metrics to a text file, one JSON object a line: <c>{"step":250,"time":1767225600.5,"evaluation/return-mean":-142.3}</c>.</summary>
/// <remarks>
/// "time" is in seconds since 1970-01-01 UTC. JSON has no NaN or infinity: such a value is written as null. Each line reaches the operating system whole before
/// <see cref="Write"/> returns, so a killed run loses nothing. Only a crash of the machine can leave half a line; it is cut off when the file is opened again.
/// The file is UTF-8; a byte order mark that an editor put before it stays and does no harm.
/// </remarks>
public sealed class JsonLinesMetricsWriter : IMetricsWriter
{
    internal const string StepName = "step";
    internal const string TimeName = "time";

    private const int BlockSize = 4096;
    private const int LongestUnfinishedLine = 1024 * 1024;

    private readonly FileStream _file;
    private readonly TimeProvider _clock;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>Opens the file for appending; makes the file and its folder where they are missing. A file has one writer at a time.</summary>
    /// <param name="path">The path of the file, usually called metrics.jsonl.</param>
    /// <param name="clock">Gives the time of each line; the system's clock when null.</param>
    /// <exception cref="IOException">The file or its folder cannot be made or written, or the file is of another kind: no line ends in its last MiB, or an
    /// editor saved it as UTF-16.</exception>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="UnauthorizedAccessException">The path leads to a folder, or to a file that may not be written.</exception>
    public JsonLinesMetricsWriter(string path, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // No buffer of its own: one write is one system call. Readers may look on while the run goes.
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            RequireUtf8(_file, path);
            CutOffUnfinishedLine(_file, path);
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        _json = new Utf8JsonWriter(_line);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The step is negative, or a metric is called "step" or "time", which every line has of its own.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Write(long step, IReadOnlyDictionary<string, double> metrics)
    {
        ObjectDisposedException.ThrowIf(!_file.CanWrite, this);
        Check.AtLeast(0, step);
        ArgumentNullException.ThrowIfNull(metrics);
        if (metrics.ContainsKey(StepName) || metrics.ContainsKey(TimeName))
            throw new ArgumentException(
                $"A metric cannot be called \"{StepName}\" or \"{TimeName}\": each line has these of its own. Give it a group, as in \"train/step\".",
                nameof(metrics));

        lock (_json)
        {
            _line.ResetWrittenCount();
            _json.Reset();
            _json.WriteStartObject();
            _json.WriteNumber(StepName, step);
            _json.WriteNumber(TimeName, _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
            foreach (var (name, value) in metrics)
            {
                if (double.IsFinite(value)) _json.WriteNumber(name, value);
                else _json.WriteNull(name);
            }

            _json.WriteEndObject();
            _json.Flush();
            _line.Write("\n"u8);
            _file.Write(_line.WrittenSpan);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Lines of later steps are cut off, and lines of these epochs that are missing, because the machine broke down or the file was deleted, are written again.
    /// </remarks>
    /// <exception cref="IOException">The file holds a line that is none of metrics; it is left as it is.</exception>
    public void Resume(IReadOnlyList<EpochMetrics> history)
    {
        ObjectDisposedException.ThrowIf(!_file.CanWrite, this);
        ArgumentNullException.ThrowIfNull(history);
        var (end, step) = EndOf(history.Count == 0 ? -1 : history[^1].Step);
        _file.SetLength(end);
        _file.Position = end;
        foreach (var epoch in history.SkipWhile(epoch => epoch.Step <= step)) Write(epoch.Step, epoch.Values);
    }

    /// <summary>Returns when everything written so far is on the disk itself, so that a checkpoint written later never knows more than the file.</summary>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(!_file.CanWrite, this);
        _file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private (long End, long Step) EndOf(long step)
    {
        try
        {
            return MetricsFile.EndOfStep(_file, _file.Name, step);
        }
        catch (FormatException exception)
        {
            throw new IOException($"The metrics cannot go on: {exception.Message}", exception);
        }
    }

    // Lines of UTF-8 after it would make it a file that nobody can read.
    private static void RequireUtf8(FileStream file, string path)
    {
        if (MetricsFile.Utf16Of(file) is not null)
            throw new IOException($"'{path}' cannot be appended to: an editor or a shell saved it as UTF-16. It was left as it is; save it as UTF-8.");
    }

    private static void CutOffUnfinishedLine(FileStream file, string path)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        for (var end = file.Length; end > 0;)
        {
            var start = Math.Max(0, end - BlockSize);
            var read = block[..(int)(end - start)];
            file.Position = start;
            file.ReadExactly(read);
            if (read.LastIndexOf((byte)'\n') is >= 0 and var last)
            {
                end = start + last + 1;
                file.SetLength(end);
                file.Position = end;
                return;
            }

            // A line of metrics is far shorter: this is some other file, which must not be cut.
            if (file.Length - start > LongestUnfinishedLine)
                throw new IOException($"'{path}' is no file of metrics: no line ends in its last {LongestUnfinishedLine} bytes. It was left as it is.");
            end = start;
        }

        file.SetLength(0);
        file.Position = 0;
    }
}
