namespace MbpoML.Datasets.Tables;

/// <summary>A stream that ends in an error when it gives more than a file of its size can hold.</summary>
/// <param name="inner">The stream; disposed with this.</param>
/// <param name="most">The bytes that it may give.</param>
internal sealed class BoundedStream(Stream inner, long most) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("The length is not known before the end.");

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException("It is read once, from the start.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        _read += count;
        return _read <= most ? count
            : throw new InvalidDataException(Invariant($"it unpacks to more than {most} bytes, which is more than is read."));
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("It is read once, from the start.");

    public override void SetLength(long value) => throw new NotSupportedException("It is only read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is only read.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
