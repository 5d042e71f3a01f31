using System.Buffers;
using System.Text;
using System.Text.Json;
using MbpoML.Numerics;

namespace MbpoML.Training.Metrics;

/// <summary>Reads what <see cref="JsonLinesMetricsWriter"/> wrote.</summary>
public static class MetricsFile
{
    private const long MaxBytes = 64L * 1024 * 1024;
    private const int MaxLineLength = 4 * 1024 * 1024;
    private const int ChunkLength = 64 * 1024;

    /// <summary>All records of a file in ascending order of steps, one record a step.</summary>
    /// <remarks>
    /// Lines of the same step are merged. Where the steps go back, a run was resumed from an earlier checkpoint: what it had written beyond is dropped, for the
    /// lines that follow say it again. An unfinished last line (the run is still writing) is left out. A byte order mark, ends of lines with carriage returns,
    /// blank lines and UTF-16 change nothing, so that a file may have been saved by an editor.
    /// </remarks>
    /// <param name="path">The file, of at most 64 MiB, with lines of at most 4 MiB.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read; <see cref="UnauthorizedAccessException"/> where it may not be.</exception>
    /// <exception cref="FormatException">A line is not such an object, and the message gives its number; or the file or a line is too long.</exception>
    public static IReadOnlyList<MetricsRecord> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (ForeignFile.Length(path) == 0) return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > MaxBytes) throw new FormatException($"{path} has {file.Length} bytes; no file of metrics is larger than {MaxBytes}.");

        var records = new List<(long Step, Dictionary<string, double> Metrics)>();
        var number = 0;
        foreach (var (line, _) in Lines(ToUtf8(file), path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line)) Append(records, Parse(line, path, number));
        }

        return [.. records.Select(record => new MetricsRecord(record.Step, record.Metrics))];
    }

    /// <summary>Where the lines up to a step end.</summary>
    /// <param name="file">A file of UTF-8, read from its beginning; every line of it ends.</param>
    /// <param name="path">Its name.</param>
    /// <param name="step">The last step that counts.</param>
    /// <returns>The number of bytes up to the first line beyond the step, and the step of the line before it, -1 where there is none.</returns>
    internal static (long End, long Step) EndOfStep(Stream file, string path, long step)
    {
        file.Position = 0;
        var (end, last, number) = (0L, -1L, 0);
        foreach (var (line, endOfLine) in Lines(file, path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var next = Parse(line, path, number).Step;
            if (next > step) break;
            (last, end) = (next, endOfLine);
        }

        return (end, last);
    }

    private static void Append(List<(long Step, Dictionary<string, double> Metrics)> records, (long Step, Dictionary<string, double> Metrics) next)
    {
        while (records.Count > 0 && records[^1].Step > next.Step) records.RemoveAt(records.Count - 1);
        if (records.Count == 0 || records[^1].Step < next.Step) records.Add(next);
        else
            foreach (var (name, value) in next.Metrics) records[^1].Metrics[name] = value;
    }

    // The lines that end, each with the number of bytes up to its end; what stands after the last end of a line is not one yet.
    private static IEnumerable<(string Text, long End)> Lines(Stream file, string path)
    {
        var chunk = new byte[ChunkLength];
        var line = new ArrayBufferWriter<byte>();
        var before = 0L;
        for (int read; (read = file.Read(chunk, 0, chunk.Length)) > 0; before += read)
        {
            var start = 0;
            for (int end; (end = Array.IndexOf(chunk, (byte)'\n', start, read - start)) >= 0; start = end + 1)
            {
                line.Write(chunk.AsSpan(start, end - start));
                yield return (Text(line.WrittenSpan), before + end + 1);
                line.ResetWrittenCount();
            }

            line.Write(chunk.AsSpan(start, read - start));
            if (line.WrittenCount > MaxLineLength)
                throw new FormatException($"{path} has a line of more than {MaxLineLength} bytes, which is no line of metrics.");
        }
    }

    // Editors put a byte order mark before the first line; their ends of lines may be carriage returns as well, which JSON takes for space.
    private static string Text(ReadOnlySpan<byte> line) =>
        Encoding.UTF8.GetString(line.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line);

    // Some editors and shells write UTF-16, which says so by its mark.
    private static Stream ToUtf8(FileStream file)
    {
        if (Utf16Of(file) is not { } encoding) return file;
        file.Position = encoding.Preamble.Length;
        return Encoding.CreateTranscodingStream(file, encoding, Encoding.UTF8, leaveOpen: true);
    }

    /// <summary>The encoding of a file that begins with the mark of UTF-16; null of any other. The position is at the beginning afterwards.</summary>
    internal static Encoding? Utf16Of(Stream file)
    {
        Span<byte> mark = stackalloc byte[2];
        file.Position = 0;
        var read = file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read < mark.Length) return null;
        return mark.SequenceEqual(Encoding.Unicode.Preamble) ? Encoding.Unicode : mark.SequenceEqual(Encoding.BigEndianUnicode.Preamble)
            ? Encoding.BigEndianUnicode : null;
    }

    private static (long Step, Dictionary<string, double> Metrics) Parse(string line, string path, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var metrics = new Dictionary<string, double>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name is JsonLinesMetricsWriter.StepName or JsonLinesMetricsWriter.TimeName) continue;
                metrics.Add(property.Name, property.Value.ValueKind == JsonValueKind.Null ? double.NaN : Finite(property.Value.GetDouble()));
            }

            var step = document.RootElement.GetProperty(JsonLinesMetricsWriter.StepName).GetInt64();
            return step >= 0 ? (step, metrics) : throw new FormatException("A step is not negative.");
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new FormatException(
                Invariant($"Line {number} of {path} is not a line of metrics, which looks like ") +
                    Invariant($"{{\"step\":250,\"time\":1767225600.5,\"evaluation/return-mean\":-142.3}}: {exception.Message}"),
                exception);
        }
    }

    // A number beyond a double's range is read as infinity, which no line is written with.
    private static double Finite(double value) => double.IsFinite(value) ? value : throw new FormatException("A number is beyond the range of a double.");
}
