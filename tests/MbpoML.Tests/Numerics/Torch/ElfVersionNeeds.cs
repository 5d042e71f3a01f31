using System.Buffers.Binary;
using System.Text;

namespace MbpoML.Tests.Numerics.Torch;

/// <summary>Reads the needed symbol versions of an ELF library as the dynamic linker does: from the dynamic segment, not from the section headers.</summary>
internal static class ElfVersionNeeds
{
    public readonly record struct Need(string File, string Version, ushort Flags, long FlagsOffset);

    public static List<Need> Read(byte[] library)
    {
        var segments = new List<(uint Type, long Offset, long Address, long Size)>();
        for (var index = 0; index < U16(0x38); index++)
        {
            var header = I64(0x20) + (index * U16(0x36));
            segments.Add((U32(header), I64(header + 8), I64(header + 16), I64(header + 32)));
        }

        var dynamic = new Dictionary<long, long>();
        for (var entry = segments.Single(segment => segment.Type == 2).Offset; I64(entry) != 0; entry += 16) dynamic[I64(entry)] = I64(entry + 8);

        var needs = new List<Need>();
        if (!dynamic.TryGetValue(0x6ffffffe, out var table)) return needs;
        var strings = InFile(dynamic[5]);
        var need = InFile(table);
        for (var file = 0L; file < dynamic[0x6fffffff]; file++, need += U32(need + 12))
        {
            var auxiliary = need + U32(need + 8);
            for (var version = 0; version < U16(need + 2); version++, auxiliary += U32(auxiliary + 12))
                needs.Add(new(Text(strings + U32(need + 4)), Text(strings + U32(auxiliary + 8)), U16(auxiliary + 4), auxiliary + 4));
        }

        return needs;

        long InFile(long address)
        {
            var segment = segments.First(candidate => candidate.Type == 1 && address >= candidate.Address && address < candidate.Address + candidate.Size);
            return address - segment.Address + segment.Offset;
        }

        ushort U16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(library.AsSpan((int)offset));
        uint U32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(library.AsSpan((int)offset));
        long I64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(library.AsSpan((int)offset));
        string Text(long offset) => Encoding.ASCII.GetString(library.AsSpan((int)offset, library.AsSpan((int)offset).IndexOf((byte)0)));
    }
}
