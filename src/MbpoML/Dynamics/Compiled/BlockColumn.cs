namespace MbpoML.Dynamics.Compiled;

/// <summary>A column of floats of a fitted pipeline, computed for a block of rows at a time.</summary>
/// <param name="width">The values a row.</param>
internal abstract class BlockColumn(int width)
{
    /// <summary>Rows of a block: a multiple of every vector length, and few enough to stay in the processor's first cache.</summary>
    public const int BlockRows = 256;

    private float[]? _transposed;
    private bool _isTransposed;

    /// <summary>The values a row.</summary>
    public int Width => width;

    /// <summary>[block rows, width], row-major; the rows of the block come first.</summary>
    public float[] Values { get; } = new float[BlockRows * width];

    /// <summary>The columns that this one is computed from.</summary>
    public virtual IEnumerable<BlockColumn> Sources => [];

    /// <summary>Computes the rows of one block.</summary>
    /// <param name="start">The block's first row in the batch.</param>
    /// <param name="rows">Its number of rows, at most <see cref="BlockRows"/>.</param>
    public void Compute(int start, int rows)
    {
        Fill(start, rows);
        _isTransposed = false;
    }

    /// <summary>The same values, [width, block rows], for a computation that goes through one feature of many rows.</summary>
    public float[] Transposed(int rows)
    {
        _transposed ??= new float[Values.Length];
        if (_isTransposed) return _transposed;
        for (var row = 0; row < rows; row++)
            for (var slot = 0; slot < width; slot++) _transposed[(slot * BlockRows) + row] = Values[(row * width) + slot];
        _isTransposed = true;
        return _transposed;
    }

    /// <summary>Writes the block's rows into <see cref="Values"/>.</summary>
    protected abstract void Fill(int start, int rows);
}
