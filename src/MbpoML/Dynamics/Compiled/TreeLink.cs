namespace MbpoML.Dynamics.Compiled;

/// <summary>What a tree ensemble's prediction is made of the sum over its trees.</summary>
internal enum TreeLink
{
    /// <summary>The sum itself: FastTree, LightGbm.</summary>
    Sum,

    /// <summary>The sum divided by the number of trees: FastForest.</summary>
    Mean,

    /// <summary>The exponential of the sum: FastTreeTweedie.</summary>
    Exponential,
}
