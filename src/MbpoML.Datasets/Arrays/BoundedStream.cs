namespace MbpoML.Datasets.Arrays;

/// <summary>
/// A stream that throws when its reader takes more than a file of its size can need. A damaged file may send its reader in circles, and a packed one may unpack
/// to any size.
/// </summary>
/// <param name="inner">The stream; disposed with this.</param>
/// <param name="most">The bytes that may be read in all.</param>
internal sealed class BoundedStream(Stream inner, long most) : Stream
{
    // A read of nothing counts, too, so that circles end.
    private const int CostOfRead = 16;

    // How often a reader may come back to a byte; the format's own trees are walked anew for each dataset.
    private const int MostVisits = 64;

    // Small files have heads that are read more often.
    private const long Least = 4 << 20;

    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    /// <summary>Opens a file whose reader may go to and fro.</summary>
    public static BoundedStream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return new BoundedStream(file, (file.Length * MostVisits) + Least);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush() => inner.Flush();

    public override void SetLength(long value) => throw new NotSupportedException("It is only read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is only read.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int bytes)
    {
        _read += bytes + CostOfRead;
        return _read <= most ? bytes : throw new InvalidDataException(Invariant($"it gives more than the {most} bytes that are read of such a file."));
    }
}
