using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace MbpoML.Numerics;

/// <summary>Loads a native library through a copy in which a symbol version that the system lacks is marked as not required.</summary>
[SupportedOSPlatform("linux")]
internal static class WeakenedLibrary
{
    private const UnixFileMode OnlyTheUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Loads <paramref name="library"/> without its requirement of <paramref name="versionName"/>; a library without that requirement is loaded as it is.</summary>
    /// <param name="library">The library's file.</param>
    /// <param name="versionName">The symbol version, such as "GLIBCXX_3.4.32".</param>
    /// <param name="dependencies">Files that it needs, each after those it needs itself: the copy stands elsewhere and would not find them.</param>
    /// <param name="cacheFolder">Where the copy is kept for the next start. Where it cannot be, a temporary copy serves this process; null asks for that.</param>
    /// <returns>The handle.</returns>
    /// <exception cref="DllNotFoundException">It does not load; the message is the dynamic linker's.</exception>
    /// <exception cref="IOException">The library cannot be read.</exception>
    public static nint Load(string library, string versionName, IReadOnlyList<string> dependencies, string? cacheFolder)
    {
        var bytes = File.ReadAllBytes(library);
        if (ElfSymbolVersions.MarkWeak(bytes, versionName) == 0) return NativeLibrary.Load(library);

        // What is loaded already, the linker finds by its name.
        foreach (var dependency in dependencies) NativeLibrary.Load(dependency);
        return TryLoadFromCache(bytes, Path.GetFileName(library), cacheFolder, out var handle) ? handle : LoadFromTemporaryFolder(bytes, Path.GetFileName(library));
    }

    private static bool TryLoadFromCache(byte[] bytes, string fileName, string? cacheFolder, out nint handle)
    {
        handle = 0;
        try
        {
            // A home that is mounted noexec can be written to, but loads nothing.
            return cacheFolder is not null && NativeLibrary.TryLoad(WriteToCache(bytes, fileName, cacheFolder), out handle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
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
        var unfinished = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
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
