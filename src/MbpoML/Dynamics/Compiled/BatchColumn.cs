namespace MbpoML.Dynamics.Compiled;

/// <summary>A column whose values for the whole batch stand in memory before the blocks are computed: an input, or what ML.NET computed.</summary>
internal sealed class BatchColumn(int width) : BlockColumn(width)
{
    /// <summary>[batch, row width], row-major.</summary>
    public ReadOnlyMemory<float> Batch { get; set; }

    /// <summary>Floats from one row of the batch to the next.</summary>
    public int RowWidth { get; set; } = width;

    /// <summary>Where this column's values begin within a row of the batch.</summary>
    public int Offset { get; set; }

    protected override void Fill(int start, int rows)
    {
        var batch = Batch.Span;
        if (RowWidth == Width)
        {
            batch.Slice(start * Width, rows * Width).CopyTo(Values);
            return;
        }
        for (var row = 0; row < rows; row++) batch.Slice(((start + row) * RowWidth) + Offset, Width).CopyTo(Values.AsSpan(row * Width));
    }
}
