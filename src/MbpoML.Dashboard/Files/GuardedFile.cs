namespace MbpoML.Dashboard.Files;

/// <summary>
/// Opens files of folders that a stranger may have filled. No part of a path below the root may be a link, and nothing but a file with content is opened:
/// a pipe or a device could hold the reader forever.
/// </summary>
internal static class GuardedFile
{
    /// <summary>Length and time of a file; null where it is not there, is empty, or is none.</summary>
    /// <param name="root">A folder that the user named; it may be a link.</param>
    /// <param name="relative">The file below it.</param>
    public static FileStamp? Stamp(string root, string relative)
    {
        try
        {
            if (!IsPlain(root, relative)) return null;
            var file = new FileInfo(Path.Combine(root, relative));
            // Pipes and devices have no length.
            return file.Exists && file.Length > 0 ? new FileStamp(file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Opens a file to read it while somebody may write it; null where <see cref="Stamp"/> is null or it cannot be opened.</summary>
    /// <param name="root">A folder that the user named.</param>
    /// <param name="relative">The file below it.</param>
    public static FileStream? Open(string root, string relative)
    {
        if (Stamp(root, relative) is null) return null;
        FileStream? file = null;
        try
        {
            file = new FileStream(Path.Combine(root, relative), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            // A folder may have been replaced by a link in between.
            if (IsPlain(root, relative)) return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It was removed in between, or may not be read: there is nothing to show of it.
        }

        file?.Dispose();
        return null;
    }

    /// <summary>All bytes of a small file; null where it cannot be opened or is larger.</summary>
    /// <param name="root">A folder that the user named.</param>
    /// <param name="relative">The file below it.</param>
    /// <param name="maxBytes">What it may have.</param>
    public static byte[]? ReadAll(string root, string relative, int maxBytes)
    {
        using var file = Open(root, relative);
        if (file is null || file.Length > maxBytes) return null;
        try
        {
            var content = new byte[file.Length];
            return content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsPlain(string root, string relative)
    {
        var path = root;
        foreach (var part in relative.Split(Path.DirectorySeparatorChar))
        {
            if (part is "" or "." or "..") return false;
            path = Path.Combine(path, part);
            if (!Path.Exists(path) || File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint)) return false;
        }

        return !File.GetAttributes(path).HasFlag(FileAttributes.Directory);
    }
}
