using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace MbpoML.Numerics.Torch;

/// <summary>Loads a native library through a copy in which a symbol version that the system lacks is marked as not required.</summary>
[SupportedOSPlatform("linux")]
internal static class WeakenedLibrary
{
    private const UnixFileMode OnlyTheUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // What the dynamic linker says of a file that it may read but not run: a folder that is mounted noexec, or a rule of the system.
    private static readonly string[] FaultsOfThePlace = ["failed to map segment", "Operation not permitted", "Permission denied"];

    /// <summary>
    /// Loads <paramref name="library"/> without its requirement of <paramref name="versionName"/>; a library without that requirement is loaded as it is.
    /// </summary>
    /// <param name="library">The library's file. What it needs of others is loaded already: the copy stands elsewhere and would not find them.</param>
    /// <param name="versionName">The symbol version, such as "GLIBCXX_3.4.32".</param>
    /// <param name="cacheFolder">Where the copy is kept for the next start. Where it cannot be, one in the temporary folder or in memory serves this process;
    /// null asks for that.</param>
    /// <returns>The handle.</returns>
    /// <exception cref="DllNotFoundException">It does not load; the message is the dynamic linker's, or says why no place can hold the copy.</exception>
    /// <exception cref="IOException">The library cannot be read.</exception>
    public static nint Load(string library, string versionName, string? cacheFolder)
    {
        var bytes = File.ReadAllBytes(library);
        if (ElfSymbolVersions.MarkWeak(bytes, versionName) == 0) return NativeLibrary.Load(library);

        var name = Path.GetFileName(library);
        var faults = new List<string>();
        if (cacheFolder is null) faults.Add("There is no home folder (HOME, XDG_DATA_HOME).");
        else if (TryLoad($"The folder {cacheFolder} (of HOME or XDG_DATA_HOME)", () => NativeLibrary.Load(WriteToCache(bytes, name, cacheFolder)),
            faults) is { } cached) return cached;
        if (TryLoad($"The temporary folder {Path.GetTempPath()} (TMPDIR)", () => LoadFromTemporaryFolder(bytes, name), faults) is { } temporary)
            return temporary;
        if (TryLoad("A file in memory", () => NativeLibrary.Load(MemoryFile.Write(name, bytes)), faults) is { } inMemory) return inMemory;
        throw new DllNotFoundException($"this system accepts a changed copy of it only, and no place can hold one. {string.Join(' ', faults)} " +
            "Set TMPDIR or HOME to a folder that this user can write to and that is not mounted noexec.");
    }

    private static nint? TryLoad(string place, Func<nint> load, List<string> faults)
    {
        try
        {
            return load();
        }
        // A file larger than the user may write is out of range.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            faults.Add($"{place} cannot be used: {exception.Message}");
        }
        catch (DllNotFoundException exception) when (FaultsOfThePlace.Any(exception.Message.Contains))
        {
            faults.Add($"{place} may not hold executable files, as when it is mounted noexec.");
        }

        return null;
    }

    private static nint LoadFromTemporaryFolder(byte[] bytes, string fileName)
    {
        // A new folder of a random name, open to this user only: nobody else can put a library there.
        var folder = Directory.CreateTempSubdirectory("mbpoml-").FullName;
        try
        {
            var path = Path.Combine(folder, fileName);
            File.WriteAllBytes(path, bytes);
            return NativeLibrary.Load(path);
        }
        finally
        {
            // The process keeps what it has mapped.
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes a library into the cache, once for each content; a file that is there but differs is replaced.</summary>
    internal static string WriteToCache(byte[] bytes, string fileName, string cacheFolder)
    {
        var folder = Path.Combine(cacheFolder, Convert.ToHexString(SHA256.HashData(bytes))[..16]);
        var path = Path.Combine(folder, fileName);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)) return path;

        Directory.CreateDirectory(folder, OnlyTheUser);
        // Renaming is atomic: a process that starts at the same moment sees the whole file or none.
        var unfinished = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, path, overwrite: true);
            return path;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
