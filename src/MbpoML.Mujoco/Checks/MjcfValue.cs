using System.Text;

namespace MbpoML.Mujoco.Checks;

/// <summary>The text of attributes with their entities replaced, as TinyXML-2 does it.</summary>
internal static class MjcfValue
{
    private static readonly (string Entity, char Character)[] Named = [("&quot;", '"'), ("&amp;", '&'), ("&apos;", '\''), ("&lt;", '<'), ("&gt;", '>')];

    /// <summary>What MuJoCo sees, or null where that depends on leftovers in the parser's memory.</summary>
    public static string? Decode(ReadOnlySpan<char> raw)
    {
        if (raw.IndexOfAny('&', '\r', '\n') < 0) return raw.ToString();
        var value = new StringBuilder(raw.Length);
        var isShorter = false;
        while (!raw.IsEmpty)
        {
            var (length, character) = raw[0] switch
            {
                '\r' => (raw is ['\r', '\n', ..] ? 2 : 1, new Rune('\n')),
                '\n' => (raw is ['\n', '\r', ..] ? 2 : 1, new Rune('\n')),
                '&' => Entity(raw),
                _ => (0, default(Rune?)),
            };
            if (length == 0)
            {
                // The parser leaves this place as it is, where after a shorter replacement something else stands.
                if (raw[0] == '&' && raw is not ['&', '#', ..] && isShorter) return null;
                value.Append(raw[0]);
                raw = raw[1..];
                continue;
            }

            isShorter |= length > 1;
            if (character is { } rune) value.Append(rune.ToString());
            raw = raw[length..];
        }

        // To MuJoCo a text ends at the first zero.
        var text = value.ToString();
        return text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var end ? text[..end] : text;
    }

    private static (int Length, Rune? Character) Entity(ReadOnlySpan<char> raw)
    {
        if (raw is ['&', '#', _, ..]) return Reference(raw);
        foreach (var (entity, character) in Named)
            if (raw.StartsWith(entity, StringComparison.Ordinal)) return (entity.Length, new Rune(character));
        return (0, null);
    }

    private static (int Length, Rune? Character) Reference(ReadOnlySpan<char> raw)
    {
        var isHex = raw[2] == 'x';
        var end = raw.IndexOf(';');
        if (end < (isHex ? 3 : 2)) return (0, null);
        var code = 0UL;
        foreach (var digit in raw[(isHex ? 3 : 2)..end])
        {
            if (isHex ? !char.IsAsciiHexDigit(digit) : !char.IsAsciiDigit(digit)) return (0, null);
            code = unchecked((code * (isHex ? 16UL : 10UL)) + Convert.ToUInt64(digit.ToString(), 16));
        }

        // Numbers beyond what the parser can write become nothing; those that are no characters, something that no file is named.
        return (end + 1, code >= 0x200000 ? null : Rune.TryCreate((uint)code, out var rune) ? rune : Rune.ReplacementChar);
    }
}
