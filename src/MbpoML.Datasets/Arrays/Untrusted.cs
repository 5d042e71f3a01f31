using MbpoML.Numerics;

namespace MbpoML.Datasets.Arrays;

/// <summary>Reads files of which nothing is known: whatever a reader stumbles over becomes one kind of error, and nothing claimed is believed.</summary>
internal static class Untrusted
{
    /// <summary>Deflate cannot pack more bytes into one: 258 into two bits, less the block's head.</summary>
    public const int MostDeflated = 1032;

    // Small files may be packed a little better than the rule says, as in runs that take no bits at all.
    private const long Slack = 4096;

    /// <summary>Runs a reader over a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it should be, as in "an HDF5 file".</param>
    /// <param name="read">The reader.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">The reader failed.</exception>
    public static T Read<T>(string path, string kind, Func<T> read)
    {
        if (ForeignFile.Length(path) == 0) throw new DatasetException($"{path} is empty, but must be {kind}.");
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is not (DatasetException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException))
        {
            // The readers throw whatever they stumble over in a damaged file, from IndexOutOfRangeException to OutOfMemoryException.
            throw new DatasetException($"{path} cannot be read as {kind}: {exception.Message} It may be cut off, damaged, or of another kind.", exception);
        }
    }

    /// <summary>Refuses a size that the file cannot hold, before memory is taken for it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">The dataset or column.</param>
    /// <param name="claimed">The bytes that it claims to have.</param>
    /// <param name="stored">The bytes that hold it.</param>
    /// <param name="expansion">How many bytes one stored byte can stand for: 1, or <see cref="MostDeflated"/>.</param>
    /// <exception cref="DatasetException">It claims more.</exception>
    public static void RequireSize(string path, string what, UInt128 claimed, long stored, int expansion)
    {
        var most = ((UInt128)(ulong)stored * (uint)expansion) + (expansion > 1 ? (UInt128)Slack : 0);
        if (claimed > most)
            throw new DatasetException(
                Invariant($"{path}: {what} claims {claimed} bytes, but the {stored} bytes of the file that can hold it make at most {most}. ") +
                    "The file is damaged or not honest.");
        if (claimed / sizeof(float) > (ulong)Array.MaxLength)
            throw new DatasetException(Invariant($"{path}: {what} has {claimed} bytes, which is more than an array holds; split the file."));
    }
}
