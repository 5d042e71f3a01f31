namespace MbpoML.Tool.Runs;

/// <summary>Keeps two processes from training one run: a file that the first of them holds open. It is free again when that process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="ToolException">Another process trains the run.</exception>
    public static RunLock Take(RunFolder folder)
    {
        try
        {
            return new RunLock(new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (IOException exception) when (File.Exists(folder.Lock))
        {
            throw new ToolException($"'{folder.Path}' cannot be trained now, another process seems to do so: {exception.Message}");
        }
    }

    public void Dispose() => _file.Dispose();
}
