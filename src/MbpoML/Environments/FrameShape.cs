using MbpoML.Numerics;

namespace MbpoML.Environments;

/// <summary>The sizes of a picture. Its values stand in the order [channel, row, column], the top row first.</summary>
/// <param name="Channels">1 for gray, 3 for red, green and blue, or more, as of several pictures together; at least 1.</param>
/// <param name="Height">Rows of pixels, at least 1.</param>
/// <param name="Width">Pixels a row, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A size is below 1, or there are more than <see cref="MostValues"/> values.</exception>
public readonly record struct FrameShape(int Channels, int Height, int Width)
{
    /// <summary>The most values that a picture may have, 2^24.</summary>
    public const int MostValues = 1 << 24;

    /// <summary>The number of values of a pixel.</summary>
    public int Channels { get; } = Check.AtLeast(1, Channels);

    /// <summary>The number of rows of pixels.</summary>
    public int Height { get; } = Check.AtLeast(1, Height);

    /// <summary>The number of pixels in a row.</summary>
    public int Width { get; } = Fitting(Channels, Height, Width);

    /// <summary>All values of a picture: channels times height times width.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>An observation as bytes, rounded to whole numbers.</summary>
    /// <param name="observation">The frame as an observation, [channel, row, column], with values from 0 to 255.</param>
    /// <param name="frame">Receives the bytes, [channel, row, column].</param>
    /// <exception cref="ArgumentException">A span has another length, or a value is not between 0 and 255; the bytes are then of no use.</exception>
    public void ToBytes(ReadOnlySpan<double> observation, Span<byte> frame)
    {
        Check.Length(Size, observation.Length, nameof(observation));
        Check.Length(Size, frame.Length, nameof(frame));
        for (var index = 0; index < observation.Length; index++)
        {
            var value = observation[index];
            if (!(value is >= 0 and <= byte.MaxValue))
                throw new ArgumentException(
                    Invariant($"observation[{index}] is {value}, but the values of a picture are between 0 and 255."), nameof(observation));
            frame[index] = (byte)(value + 0.5);
        }
    }

    /// <summary>The sizes, as in "1x32x32".</summary>
    public override string ToString() => Invariant($"{Channels}x{Height}x{Width}");

    /// <summary>Refuses the shape that no constructor has made.</summary>
    internal FrameShape Required(string name) => Channels > 0 ? this
        : throw new ArgumentException($"{name} has no sizes; make it with its constructor, as in new FrameShape(1, 32, 32).", name);

    private static int Fitting(int channels, int height, int width)
    {
        Check.AtLeast(1, width, nameof(Width));
        return (long)channels * height <= MostValues / width ? width : throw new ArgumentOutOfRangeException(
            nameof(width), width, Invariant($"A picture of {channels}x{height}x{width} has more than {MostValues} values; make it smaller."));
    }
}
