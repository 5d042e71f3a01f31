namespace MbpoML.Training.Checkpoints;

/// <summary>
/// Writes a file so that its name stands for the whole new content or the whole old one, never for a part, whenever the process or the machine stops.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Ends the names of files that are still being written.</summary>
    public const string UnfinishedSuffix = ".unfinished";

    private const int BufferSize = 1 << 20;

    /// <exception cref="IOException">The disk is full or fails; the old file is untouched and nothing unfinished stays behind.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var unfinished = path + UnfinishedSuffix;
        try
        {
            // What a killed run left. Made anew, because opening what is there would follow a link out of the folder.
            File.Delete(unfinished);
            using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(file);
                // To the disk itself: the rename below must not become durable before the content.
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (ArgumentOutOfRangeException exception) when (exception.ParamName == "value")
        {
            // So .NET reports EFBIG: a quota, or a file system whose files end at 4 GB.
            DeleteQuietly(unfinished);
            throw new IOException("The file is larger than the disk or a quota lets files be.", exception);
        }
        catch
        {
            DeleteQuietly(unfinished);
            throw;
        }
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is thrown already says what is wrong with the disk; the next checkpoint overwrites the rest.
        }
    }
}
