namespace MbpoML.Environments;

/// <summary>The sizes of a picture.</summary>
/// <param name="Channels">1 for gray, 3 for red, green and blue.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct FrameShape(int Channels, int Height, int Width)
{
    /// <summary>All values.</summary>
    public int Size => Channels * Height * Width;
}
