namespace MbpoML.Dynamics.Compiled;

/// <summary>
/// A column of <c>(value - offset) * scale</c>, in ML.NET's order of operations: its normalizers by mean and variance, by minimum and maximum, and robust
/// scaling.
/// </summary>
internal sealed class AffineColumn(BlockColumn source, IReadOnlyList<float> offsets, IReadOnlyList<float> scales) : BlockColumn(source.Width)
{
    private readonly float[] _offsets = [.. offsets];
    private readonly float[] _scales = [.. scales];

    public override IEnumerable<BlockColumn> Sources { get; } = [source];

    protected override void Fill(int start, int rows)
    {
        for (var row = 0; row < rows; row++)
            for (var slot = 0; slot < Width; slot++) Values[(row * Width) + slot] = (source.Values[(row * Width) + slot] - _offsets[slot]) * _scales[slot];
    }
}
