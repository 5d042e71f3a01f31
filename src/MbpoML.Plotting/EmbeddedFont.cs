using ScottPlot;
using SkiaSharp;

namespace MbpoML.Plotting;

/// <summary>
/// The font of all pictures: DejaVu Sans, carried in the assembly, because a server or a container often has no font at all and text would vanish.
/// </summary>
internal sealed class EmbeddedFont : IFontResolver
{
    /// <summary>The name under which plots ask for it; no system font has it, so nobody else's request is answered here.</summary>
    public const string Name = "MbpoML DejaVu Sans";

    private static readonly Lazy<byte[]> Bytes = new(Read);
    private static readonly Lazy<bool> Registration = new(Add);

    /// <summary>Makes the font known to ScottPlot, whose list of fonts is one for the process; further calls do nothing.</summary>
    public static bool Register() => Registration.Value;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => Create(fontName);

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => Create(fontName);

    private static SKTypeface? Create(string fontName)
    {
        if (fontName != Name) return null;
        using var data = SKData.CreateCopy(Bytes.Value);
        return SKTypeface.FromData(data);
    }

    private static bool Add()
    {
        ScottPlot.Fonts.FontResolvers.Add(new EmbeddedFont());
        return true;
    }

    private static byte[] Read()
    {
        using var stream = typeof(EmbeddedFont).Assembly.GetManifestResourceStream("DejaVuSans-Latin.ttf")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
