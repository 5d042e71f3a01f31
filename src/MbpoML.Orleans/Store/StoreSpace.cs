using MbpoML.Experiments;

namespace MbpoML.Orleans.Store;

/// <summary>Finds out whether the store takes what a checkpoint needs, by writing so much: quotas and full disks say so nowhere else.</summary>
internal static class StoreSpace
{
    private const int Block = 1 << 16;
    private const long Least = 1 << 20;
    private const long Most = 1L << 28;

    /// <summary>Why the store takes nothing more; null where it does.</summary>
    /// <param name="folder">The folder of the lease's epoch, in which the probe is written.</param>
    public static string? Trouble(RunFolder folder)
    {
        var probe = Path.Combine(folder.Path, "space.probe");
        try
        {
            Directory.CreateDirectory(folder.Path);
            using var file = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            var bytes = new byte[Block];
            for (var left = Needed(folder); left > 0; left -= Block) file.Write(bytes);
            file.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    // Twice the largest checkpoint: the next one, and what is written beside it.
    private static long Needed(RunFolder folder)
    {
        var largest = Directory.EnumerateFiles(folder.Path, "*.checkpoint", SearchOption.AllDirectories).Select(file => new FileInfo(file).Length)
            .DefaultIfEmpty(0).Max();
        return Math.Clamp(2 * largest, Least, Most);
    }
}
