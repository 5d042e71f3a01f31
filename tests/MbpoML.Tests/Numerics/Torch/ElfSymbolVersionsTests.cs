using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;

namespace MbpoML.Tests.Numerics.Torch;

public class ElfSymbolVersionsTests
{
    [Test]
    public void The_one_flag_of_the_one_version_is_set_and_no_other_byte_changes()
    {
        var before = File.ReadAllBytes(NativeFiles.TorchSharp);
        var after = (byte[])before.Clone();
        Assert.That(ElfSymbolVersions.MarkWeak(after, "GLIBCXX_3.4.32"), Is.EqualTo(1));

        var needsBefore = ElfVersionNeeds.Read(before);
        var wanted = needsBefore.Single(need => need.Version == "GLIBCXX_3.4.32");
        Assert.Multiple(() =>
        {
            Assert.That(needsBefore, Has.Count.GreaterThan(5));
            Assert.That(wanted, Has.Property("File").EqualTo("libstdc++.so.6").And.Property("Flags").EqualTo(0));
            Assert.That(ElfVersionNeeds.Read(after), Is.EqualTo(needsBefore.Select(need => need == wanted ? need with { Flags = 2 } : need)));
            Assert.That(Enumerable.Range(0, before.Length).Where(index => before[index] != after[index]), Is.EqualTo(new[] { (int)wanted.FlagsOffset }));
        });
    }

    [Test]
    public void A_version_that_is_not_needed_or_weak_already_changes_nothing()
    {
        var library = File.ReadAllBytes(NativeFiles.Small);
        var untouched = (byte[])library.Clone();
        Assert.Multiple(() =>
        {
            Assert.That(ElfSymbolVersions.MarkWeak(library, "GLIBCXX_3.4.32"), Is.Zero);
            Assert.That(ElfSymbolVersions.MarkWeak(library, "GLIBC_2.2"), Is.Zero, "the beginning of a name is not the name");
            Assert.That(library, Is.EqualTo(untouched));
        });
        Assert.That(ElfSymbolVersions.MarkWeak(library, NativeFiles.SmallsVersion), Is.EqualTo(1));
        Assert.That(ElfSymbolVersions.MarkWeak(library, NativeFiles.SmallsVersion), Is.Zero);
    }

    [Test]
    public void Other_files_are_left_alone()
    {
        byte[] elf32 = [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 1, .. new byte[200]];
        foreach (var file in new[] { [], "MZ"u8.ToArray(), new byte[1000], elf32, File.ReadAllBytes(typeof(ElfSymbolVersions).Assembly.Location) })
            Assert.That(ElfSymbolVersions.MarkWeak((byte[])file.Clone(), "GLIBCXX_3.4.32"), Is.Zero);
    }

    [Test]
    public void A_file_cut_short_anywhere_is_no_failure()
    {
        var library = File.ReadAllBytes(NativeFiles.Small);
        var sections = BitConverter.ToInt64(library, 0x28);
        for (var length = 0; length < library.Length; length++)
        {
            var changed = ElfSymbolVersions.MarkWeak(library.AsSpan(0, length).ToArray(), NativeFiles.SmallsVersion);
            if (length <= sections) Assert.That(changed, Is.Zero, "without its section headers, nothing is found");
        }
    }

    [Test]
    public void Damaged_numbers_are_no_failure_and_no_endless_list()
    {
        var library = File.ReadAllBytes(NativeFiles.Small);
        var random = new RandomSource(1);
        var table = (int)ElfVersionNeeds.Read(library).Single().FlagsOffset - 20;
        var sections = (int)BitConverter.ToInt64(library, 0x28);
        (int Start, int Length)[] places = [(0x20, 0x20), (table, 32), (sections, library.Length - sections)];
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = (byte[])library.Clone();
            foreach (var (start, length) in places)
            {
                for (var hit = 0; hit < 3; hit++) damaged[start + random.NextInt32(length)] = (byte)(random.NextInt32(3) == 0 ? 0xff : random.NextInt32(256));
            }

            Assert.That(() => ElfSymbolVersions.MarkWeak(damaged, NativeFiles.SmallsVersion), Is.LessThanOrEqualTo(library.Length / 16));
        }
    }
}
