using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using MbpoML.Numerics.Torch;

namespace MbpoML.Tests.Numerics.Torch;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
public class WeakenedLibraryTests
{
    private const string FileName = "libonnxruntime_providers_shared.so";

    [Test]
    public void The_copy_in_the_cache_is_loaded_and_used_again()
    {
        using var cache = new TemporaryFolder();
        Use(Load(cache.FullName));
        var file = Directory.GetFiles(cache.FullName, "*", SearchOption.AllDirectories).Single();
        var expected = File.ReadAllBytes(NativeFiles.Small);
        ElfSymbolVersions.MarkWeak(expected, NativeFiles.SmallsVersion);
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(expected));
        Assert.That(File.GetUnixFileMode(Path.GetDirectoryName(file)!) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite), Is.EqualTo(UnixFileMode.None));

        var written = File.GetLastWriteTimeUtc(file);
        Use(Load(cache.FullName));
        Assert.That(File.GetLastWriteTimeUtc(file), Is.EqualTo(written));
    }

    [TestCase("")]
    [TestCase("half a library")]
    public void A_damaged_copy_is_replaced(string content)
    {
        using var cache = new TemporaryFolder();
        byte[] library = [1, 2, 3, 4];
        var path = WeakenedLibrary.WriteToCache(library, FileName, cache.FullName);
        File.WriteAllText(path, content);
        Assert.That(WeakenedLibrary.WriteToCache(library, FileName, cache.FullName), Is.EqualTo(path));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(library));
    }

    [Test]
    public void Different_contents_stand_side_by_side()
    {
        using var cache = new TemporaryFolder();
        Assert.That(WeakenedLibrary.WriteToCache([1], FileName, cache.FullName), Is.Not.EqualTo(WeakenedLibrary.WriteToCache([2], FileName, cache.FullName)));
    }

    [Test]
    public void Many_writers_at_once_leave_one_whole_file()
    {
        using var cache = new TemporaryFolder();
        var library = new byte[300_000];
        Array.Fill(library, (byte)7);
        Parallel.For(0, 16, _ => Assert.That(File.ReadAllBytes(WeakenedLibrary.WriteToCache(library, FileName, cache.FullName)), Is.EqualTo(library)));
        Assert.That(Directory.GetFiles(cache.FullName, "*", SearchOption.AllDirectories), Has.Length.EqualTo(1));
    }

    [Test]
    public void Without_a_cache_that_can_be_written_a_temporary_copy_serves()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Use(Load(folder["file", "below-a-file-no-folder-can-be-made"]));
        Use(Load(null));
    }

    [Test]
    public void A_library_without_the_version_is_loaded_as_it_is_and_nothing_is_written()
    {
        using var cache = new TemporaryFolder();
        Use(WeakenedLibrary.Load(NativeFiles.Small, "GLIBCXX_3.4.32", cache.FullName));
        Assert.That(Directory.GetFileSystemEntries(cache.FullName), Is.Empty);
    }

    [Test]
    public void What_does_not_load_says_why()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["broken.so"], "no library");
        Assert.Multiple(() =>
        {
            Assert.That(() => WeakenedLibrary.Load(folder["broken.so"], "GLIBC_2.2.5", null),
                Throws.TypeOf<DllNotFoundException>().With.Message.Contains("broken.so"));
            Assert.That(() => WeakenedLibrary.Load(folder["missing.so"], "GLIBC_2.2.5", null), Throws.InstanceOf<IOException>());
        });
    }

    [Test]
    public void A_file_in_memory_is_loaded_as_one_in_a_folder_and_each_has_a_path_of_its_own()
    {
        var paths = new[] { 1, 2 }.Select(_ => MemoryFile.Write(FileName, File.ReadAllBytes(NativeFiles.Small))).ToList();
        foreach (var path in paths) Use(NativeLibrary.Load(path));
        Assert.That(paths, Is.Unique);
    }

    [Test]
    public void A_loaded_library_answers_to_its_alias_until_that_is_disposed()
    {
        using var folder = new TemporaryFolder();
        var library = Load(folder.FullName);
        using (new LibraryAlias(library, folder["alias.so"]))
        {
            Assert.That(NativeLibrary.Load(folder["alias.so"]), Is.EqualTo(library));
            NativeLibrary.Free(library);
        }

        Assert.That(NativeLibrary.TryLoad(folder["alias.so"], out _), Is.False);
        Use(library);
    }

    private static nint Load(string? cacheFolder) => WeakenedLibrary.Load(NativeFiles.Small, NativeFiles.SmallsVersion, cacheFolder);

    private static void Use(nint handle)
    {
        Assert.That(NativeLibrary.TryGetExport(handle, "Provider_GetHost", out _), Is.True);
        NativeLibrary.Free(handle);
    }
}
