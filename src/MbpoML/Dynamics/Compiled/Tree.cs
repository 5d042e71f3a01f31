namespace MbpoML.Dynamics.Compiled;

/// <summary>One regression tree of an ensemble.</summary>
internal abstract class Tree
{
    /// <summary>Adds the value of the leaf that each row of a block falls into.</summary>
    /// <param name="sums">One a row.</param>
    /// <param name="features">Computed for the block; finite.</param>
    /// <param name="rows">The number of rows.</param>
    public abstract void AddTo(double[] sums, BlockColumn features, int rows);
}
