using System.Buffers.Binary;
using System.Text;

namespace MbpoML.Numerics;

/// <summary>Marks required symbol versions of a 64-bit little-endian ELF library as weak, so that the dynamic linker accepts an older provider of them.</summary>
/// <remarks>
/// The linker refuses a library when a version it needs is absent from the provider, even where no relocation uses a symbol of that version. The flag
/// <c>VER_FLG_WEAK</c> turns that refusal into nothing at all. Layouts: System V ABI, "Object Files"; Linux Standard Base Core 5.0, section 10.7 "Symbol Versioning".
/// </remarks>
internal static class ElfSymbolVersions
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe;
    private const ushort WeakFlag = 0x2;
    private const int SectionHeaderTableOffset = 0x28;
    private const int SectionHeaderEntrySize = 0x3a;
    private const int SectionHeaderCount = 0x3c;

    /// <summary>Sets the weak flag of every needed version called <paramref name="versionName"/> in <paramref name="library"/>.</summary>
    /// <returns>How many entries were changed; 0 when the bytes are no such library or need no such version.</returns>
    public static int MarkWeak(Span<byte> library, string versionName)
    {
        if (!IsElf64LittleEndian(library)) return 0;
        var wanted = Encoding.ASCII.GetBytes(versionName);
        var headers = (long)BinaryPrimitives.ReadUInt64LittleEndian(library[SectionHeaderTableOffset..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(library[SectionHeaderEntrySize..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(library[SectionHeaderCount..]);
        var changed = 0;
        for (var index = 0; index < count; index++)
        {
            var section = Section.Read(library, headers + ((long)index * size));
            if (section.Type != SectionTypeVersionNeeds) continue;
            var strings = Section.Read(library, headers + ((long)section.Link * size));
            changed += MarkWeak(library, section.Offset, strings.Offset, wanted);
        }

        return changed;
    }

    private static bool IsElf64LittleEndian(ReadOnlySpan<byte> library) =>
        library.Length > 0x40 && library[..4].SequenceEqual("\u007fELF"u8) && library[4] == 2 && library[5] == 1;

    private static int MarkWeak(Span<byte> library, long needs, long strings, ReadOnlySpan<byte> wanted)
    {
        var changed = 0;
        for (var need = needs; ;)
        {
            for (var auxiliary = need + ReadUInt32(library, need + 8); ;)
            {
                var name = library[(int)(strings + ReadUInt32(library, auxiliary + 8))..];
                if (name.StartsWith(wanted) && name[wanted.Length] == 0)
                {
                    var flags = library.Slice((int)auxiliary + 4, 2);
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakFlag));
                    changed++;
                }

                var nextAuxiliary = ReadUInt32(library, auxiliary + 12);
                if (nextAuxiliary == 0) break;
                auxiliary += nextAuxiliary;
            }

            var next = ReadUInt32(library, need + 12);
            if (next == 0) return changed;
            need += next;
        }
    }

    private static uint ReadUInt32(ReadOnlySpan<byte> library, long offset) => BinaryPrimitives.ReadUInt32LittleEndian(library[(int)offset..]);

    private readonly record struct Section(uint Type, long Offset, uint Link)
    {
        public static Section Read(ReadOnlySpan<byte> library, long header) => new(
            ReadUInt32(library, header + 4),
            (long)BinaryPrimitives.ReadUInt64LittleEndian(library[(int)(header + 24)..]),
            ReadUInt32(library, header + 40));
    }
}
