using System.Security.Cryptography;
using System.Text;

namespace MbpoML.Experiments;

/// <summary>Keeps two trainers from one run: a file that the first of them holds open. It is free again when its process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    // Begins the content of every lock file, so that a file of somebody else's with the same name is left alone.
    private const string Mark = "mbpo ";

    // Another command may hold the file for the moment in which it looks at the folder.
    private const int Tries = 20;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    // Elsewhere a file is deleted by its name, which may be another's by then.
    private static readonly FileOptions AtEnd = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;

    private readonly FileStream _file;
    private bool _isFree;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a folder that exists.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="tries">How often it is tried, some milliseconds apart.</param>
    /// <exception cref="RunInUseException">Another trainer has it.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static RunLock Take(RunFolder folder, int tries = Tries)
    {
        for (var left = tries; ; left--)
        {
            try
            {
                if (TryTake(folder.Lock) is { } taken) return taken;
            }
            catch (IOException exception) when (IsHeld(exception))
            {
                // Perhaps for a moment only.
            }

            if (left <= 1)
                throw new RunInUseException(
                    $"'{folder.Path}' is in use: another process, or another trainer of this one, trains the run there. Wait for its end, or name another " +
                        "folder.");
#pragma warning disable RS0030 // No system says when a lock file of another process is free again.
            Thread.Sleep(BetweenTries);
#pragma warning restore RS0030
        }
    }

    /// <summary>Whether a lock file was written by something else than a run.</summary>
    public static bool IsForeign(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> begin = stackalloc byte[Mark.Length];
            var read = file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
            // One that is empty is being made.
            return read > 0 && !begin.SequenceEqual(Encoding.ASCII.GetBytes(Mark));
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            // Windows lets nobody read what another process holds, which is what a run does.
            return false;
        }
    }

    public void Dispose()
    {
        if (_isFree) return;
        _isFree = true;
        // Deleted while it is still held. A process that opened it meanwhile finds that the name now stands for another file, or for none.
        if (!OperatingSystem.IsWindows()) File.Delete(_file.Name);
        _file.Dispose();
    }

    // As Windows (sharing and lock violations), Linux and macOS (EWOULDBLOCK) say it.
    private static bool IsHeld(IOException exception) => OperatingSystem.IsWindows() ? (exception.HResult & 0xFFFF) is 32 or 33 : exception.HResult is 11 or 35;

    private static RunLock? TryTake(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, AtEnd);
        try
        {
            if (Owns(file, path)) return new RunLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        return null;
    }

    // The one who held it before may have deleted the file just after it was opened here: a lock on a file without a name keeps nobody out. A time that nobody
    // else gives tells whether the name is that of the file; to read a held file is not possible.
    private static bool Owns(FileStream file, string path)
    {
        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Invariant($"{Mark}{Environment.ProcessId}\n")));
        file.Flush();
        if (OperatingSystem.IsWindows()) return true;
#pragma warning disable RS0030 // The mark of this turn has to differ from that of any other process, and feeds no random stream.
        File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch.AddSeconds(RandomNumberGenerator.GetInt32(int.MaxValue)));
#pragma warning restore RS0030
        return File.GetLastWriteTimeUtc(file.SafeFileHandle) == File.GetLastWriteTimeUtc(path);
    }
}
