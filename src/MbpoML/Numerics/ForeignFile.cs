namespace MbpoML.Numerics;

/// <summary>Reads files of which nothing is known.</summary>
internal static class ForeignFile
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>The length in bytes of what a path leads to: 0 for pipes and devices, where opening could wait forever for somebody to write.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be asked.</exception>
    public static long Length(string path)
    {
        // Asked where a missing file leads to, .NET speaks of a missing folder.
        if (!Path.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
        return new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length;
    }

    /// <summary>All bytes to the end; memory is taken as they arrive.</summary>
    /// <exception cref="InvalidDataException">There are more than <paramref name="maxBytes"/>.</exception>
    public static ReadOnlyMemory<byte> ToEnd(Stream stream, int maxBytes)
    {
        using var bytes = new MemoryStream();
        var chunk = new byte[ChunkSize];
        for (int read; (read = stream.Read(chunk, 0, chunk.Length)) > 0;)
        {
            if (bytes.Length + read > maxBytes) throw TooLarge(maxBytes);
            bytes.Write(chunk, 0, read);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    public static InvalidDataException TooLarge(int maxBytes) => new(Invariant($"it is larger than the {maxBytes} bytes that are allowed"));
}
