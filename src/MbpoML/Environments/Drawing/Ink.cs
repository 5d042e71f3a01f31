namespace MbpoML.Environments.Drawing;

/// <summary>A color of a picture, with eight bits for each of red, green and blue.</summary>
/// <param name="Red">The red part, from 0 for none to 255.</param>
/// <param name="Green">The green part, from 0 for none to 255.</param>
/// <param name="Blue">The blue part, from 0 for none to 255.</param>
public readonly record struct Ink(byte Red, byte Green, byte Blue)
{
    /// <summary>White: 255 in all three parts.</summary>
    public static Ink White { get; } = Gray(byte.MaxValue);

    /// <summary>Black: 0 in all three parts.</summary>
    public static Ink Black { get; } = Gray(0);

    /// <summary>How bright it looks, 0 to 255: the luma of ITU-R BT.601, with which a gray picture is drawn.</summary>
    public float Luma => Brightness(Red, Green, Blue);

    /// <summary>A gray of the given brightness.</summary>
    /// <param name="shade">0, black, to 255, white.</param>
    public static Ink Gray(byte shade) => new(shade, shade, shade);

    // In whole numbers, so that a gray is exactly as bright as its shade.
    internal static float Brightness(byte red, byte green, byte blue) => ((299 * red) + (587 * green) + (114 * blue)) / 1000f;
}
