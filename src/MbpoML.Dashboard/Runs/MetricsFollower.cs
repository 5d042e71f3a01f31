using System.Buffers;
using MbpoML.Dashboard.Files;

namespace MbpoML.Dashboard.Runs;

/// <summary>
/// Follows a metrics.jsonl as it grows: reads only what was added, leaves a last line without its end for the next look, and begins anew where the file was
/// replaced or cut.
/// </summary>
/// <param name="root">The folder that the user named.</param>
/// <param name="relative">The file below it.</param>
/// <param name="maxBytes">What is read of it in all.</param>
/// <param name="table">What it is read into.</param>
internal sealed class MetricsFollower(string root, string relative, long maxBytes, MetricsTable table)
{
    private const int ChunkSize = 64 * 1024;
    private const int LongestLine = 1 << 20;

    // More rows than the length of the first line promises: a column that is one value too short doubles itself.
    private const double Margin = 1.125;
    private const int MostExpected = 4096;

    // Enough of the line before the position to tell another file by: its time differs.
    private const int MarkLength = 512;

    private readonly byte[] _mark = new byte[MarkLength];
    private readonly List<KeyValuePair<string, double>> _values = [];
    private int _marked;
    private long _position;
    private bool _skipsLine;
    private FileStamp? _stamp;

    /// <summary>Lines that were none of metrics, or too long.</summary>
    public int BrokenLines { get; private set; }

    /// <summary>Whether the file is longer than what is read of it.</summary>
    public bool IsCut { get; private set; }

    /// <summary>How often the file was begun anew: rows that were told before then count no longer.</summary>
    public int Generation { get; private set; }

    /// <summary>Reads what was added.</summary>
    /// <returns>The first row that is new or changed; null where nothing happened.</returns>
    public int? Read()
    {
        var stamp = GuardedFile.Stamp(root, relative);
        if (stamp == _stamp) return null;
        using var file = stamp is null ? null : GuardedFile.Open(root, relative);
        if (file is null) return Forget() ? 0 : null;
        try
        {
            var isAnew = (file.Length < _position || !StillHasMark(file)) && Forget();
            var first = ReadFrom(file);
            // What was asked before the reading began: what is written meanwhile is seen at the next look.
            _stamp = stamp;
            return isAnew ? 0 : first;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private int? ReadFrom(FileStream file)
    {
        var first = int.MaxValue;
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            var line = new ArrayBufferWriter<byte>();
            file.Position = _position;
            var end = Math.Min(file.Length, maxBytes);
            IsCut = file.Length > maxBytes;
            for (var at = _position; at < end;)
            {
                var read = file.Read(chunk, 0, (int)Math.Min(ChunkSize, end - at));
                if (read == 0) break;
                at += read;
                foreach (var row in Take(chunk.AsSpan(0, read), line, end)) first = Math.Min(first, row);
            }

            Remember(file);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return first == int.MaxValue ? null : first;
    }

    // Only whole lines move the position on, and of a line that is too long every part.
    private List<int> Take(ReadOnlySpan<byte> read, ArrayBufferWriter<byte> line, long length)
    {
        var rows = new List<int>();
        for (int end; (end = read.IndexOf((byte)'\n')) >= 0; read = read[(end + 1)..])
        {
            line.Write(read[..end]);
            if (table.Count == 0) table.Expect((int)Math.Min(Margin * length / (line.WrittenCount + 1), MostExpected));
            _position += line.WrittenCount + 1;
            if (_skipsLine) _skipsLine = false;
            else if (MetricsLine.TryRead(line.WrittenSpan, table, _values) is { } metrics) rows.Add(table.Append(metrics));
            else if (line.WrittenSpan.Trim(" \r\t"u8).Length > 0) BrokenLines++;
            line.ResetWrittenCount();
        }

        line.Write(read);
        if (line.WrittenCount <= LongestLine) return rows;
        _position += line.WrittenCount;
        line.ResetWrittenCount();
        if (!_skipsLine) BrokenLines++;
        _skipsLine = true;
        return rows;
    }

    private bool Forget()
    {
        (_stamp, _marked, _skipsLine, BrokenLines, IsCut) = (null, 0, false, 0, false);
        if (_position == 0) return false;
        _position = 0;
        table.Clear();
        Generation++;
        return true;
    }

    private void Remember(FileStream file)
    {
        _marked = (int)Math.Min(MarkLength, _position);
        file.Position = _position - _marked;
        _marked = file.ReadAtLeast(_mark.AsSpan(0, _marked), _marked, throwOnEndOfStream: false);
    }

    private bool StillHasMark(FileStream file)
    {
        Span<byte> now = stackalloc byte[MarkLength];
        file.Position = _position - _marked;
        var read = file.ReadAtLeast(now[.._marked], _marked, throwOnEndOfStream: false);
        return now[..read].SequenceEqual(_mark.AsSpan(0, _marked));
    }
}
