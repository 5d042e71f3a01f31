using System.Buffers.Binary;
using System.Text;

namespace MbpoML.Numerics.Torch;

/// <summary>
/// Marks required symbol versions of a 64-bit little-endian ELF library as weak, so that the dynamic linker accepts an older provider of them.
/// </summary>
/// <remarks>
/// The linker refuses a library when a version it needs is absent from the provider, even where no relocation uses a symbol of that version. The flag
/// <c>VER_FLG_WEAK</c> turns that refusal into nothing at all. Layouts: System V ABI, "Object Files"; Linux Standard Base Core 5.0, section 10.7 "Symbol
/// Versioning". A file may be cut short or damaged: bytes outside it count as zero, which ends every list and is part of no name.
/// </remarks>
internal static class ElfSymbolVersions
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe;
    private const ushort WeakFlag = 0x2;
    private const int SectionHeaderTableOffset = 0x28;
    private const int SectionHeaderEntrySize = 0x3a;
    private const int SectionHeaderCount = 0x3c;
    private const int AuxiliarySize = 16;

    /// <summary>Sets the weak flag of every needed version called <paramref name="versionName"/> in <paramref name="library"/>.</summary>
    /// <returns>How many entries were changed; 0 when the bytes are no such library, need no such version, or have the flag already.</returns>
    public static int MarkWeak(Span<byte> library, string versionName)
    {
        if (!IsElf64LittleEndian(library)) return 0;
        // With its terminating zero, so that a longer name does not match.
        var wanted = Encoding.ASCII.GetBytes(versionName + '\0');
        var headers = ReadInt64(library, SectionHeaderTableOffset);
        var size = ReadUInt16(library, SectionHeaderEntrySize);
        var count = ReadUInt16(library, SectionHeaderCount);
        var changed = 0;
        // Each entry takes 16 bytes of the file, so that damaged lists, whose entries overlap or which share them, end too.
        var entries = library.Length / AuxiliarySize;
        for (var index = 0; index < count; index++)
        {
            var section = Section.Read(library, headers + ((long)index * size));
            if (section.Type != SectionTypeVersionNeeds) continue;
            var strings = Section.Read(library, headers + (section.Link * size));
            changed += MarkWeak(library, section.Offset, strings.Offset, wanted, ref entries);
        }

        return changed;
    }

    private static bool IsElf64LittleEndian(ReadOnlySpan<byte> library) =>
        library.Length > 0x40 && library[..4].SequenceEqual("\u007fELF"u8) && library[4] == 2 && library[5] == 1;

    private static int MarkWeak(Span<byte> library, long need, long strings, ReadOnlySpan<byte> wanted, ref int entries)
    {
        var changed = 0;
        while (true)
        {
            for (var auxiliary = need + ReadUInt32(library, need + 8); ;)
            {
                if (--entries < 0) return changed;
                if (NameMatches(library, strings + ReadUInt32(library, auxiliary + 8), wanted) && SetWeak(library, auxiliary + 4)) changed++;
                var nextAuxiliary = ReadUInt32(library, auxiliary + 12);
                if (nextAuxiliary == 0) break;
                auxiliary += nextAuxiliary;
            }

            var next = ReadUInt32(library, need + 12);
            if (next == 0) return changed;
            need += next;
        }
    }

    private static bool NameMatches(ReadOnlySpan<byte> library, long offset, ReadOnlySpan<byte> wanted) =>
        offset >= 0 && offset <= library.Length && library[(int)offset..].StartsWith(wanted);

    private static bool SetWeak(Span<byte> library, long offset)
    {
        var flags = ReadUInt16(library, offset);
        if (!Holds(library, offset, sizeof(ushort)) || (flags & WeakFlag) != 0) return false;
        BinaryPrimitives.WriteUInt16LittleEndian(library[(int)offset..], (ushort)(flags | WeakFlag));
        return true;
    }

    private static bool Holds(ReadOnlySpan<byte> library, long offset, int size) => offset >= 0 && offset <= library.Length - size;

    private static ushort ReadUInt16(ReadOnlySpan<byte> library, long offset) =>
        Holds(library, offset, sizeof(ushort)) ? BinaryPrimitives.ReadUInt16LittleEndian(library[(int)offset..]) : (ushort)0;

    private static uint ReadUInt32(ReadOnlySpan<byte> library, long offset) =>
        Holds(library, offset, sizeof(uint)) ? BinaryPrimitives.ReadUInt32LittleEndian(library[(int)offset..]) : 0;

    private static long ReadInt64(ReadOnlySpan<byte> library, long offset) =>
        Holds(library, offset, sizeof(long)) ? BinaryPrimitives.ReadInt64LittleEndian(library[(int)offset..]) : 0;

    private readonly record struct Section(uint Type, long Offset, long Link)
    {
        public static Section Read(ReadOnlySpan<byte> library, long header) => new(
            ReadUInt32(library, header + 4),
            ReadInt64(library, header + 24),
            ReadUInt32(library, header + 40));
    }
}
