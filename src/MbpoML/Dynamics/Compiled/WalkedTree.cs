using Microsoft.ML.Trainers.FastTree;

namespace MbpoML.Dynamics.Compiled;

/// <summary>A tree that each row walks down from the root: very large ones, and those with categorical splits.</summary>
internal sealed class WalkedTree(RegressionTreeBase tree, int featureCount) : Tree
{
    private readonly int[] _left = [.. tree.LeftChild];
    private readonly int[] _right = [.. tree.RightChild];
    private readonly int[] _features = [.. tree.NumericalSplitFeatureIndexes];
    private readonly float[] _thresholds = [.. tree.NumericalSplitThresholds];
    private readonly double[] _leaves = [.. tree.LeafValues];

    // Null for a numerical split.
    private readonly int[]?[] _categories =
        [.. Enumerable.Range(0, tree.NumberOfNodes)
            .Select(node => tree.CategoricalSplitFlags[node] ? tree.GetCategoricalSplitFeaturesAt(node).ToArray() : null)];

    public override void AddTo(double[] sums, BlockColumn features, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var values = features.Values.AsSpan(row * featureCount, featureCount);
            var node = 0;
            while (node >= 0) node = GoesLeft(node, values) ? _left[node] : _right[node];
            sums[row] += _leaves[~node];
        }
    }

    // The comparison is ML.NET's, of floats: a value equal to the threshold goes left. A row goes right where it has any of the categories.
    private bool GoesLeft(int node, ReadOnlySpan<float> values)
    {
        if (_categories[node] is not { } categories) return values[_features[node]] <= _thresholds[node];
        foreach (var feature in categories)
            if (values[feature] > 0) return false;
        return true;
    }
}
