using Microsoft.ML.Trainers.FastTree;

namespace MbpoML.Dynamics.Compiled;

/// <summary>An ensemble of regression trees: FastTree, FastForest, FastTreeTweedie, LightGbm.</summary>
internal sealed class TreeRegression : FittedRegression
{
    private readonly Tree[] _trees;
    private readonly int _treeCount;
    private readonly TreeLink _link;
    private readonly double[] _sums = new double[BlockColumn.BlockRows];

    private TreeRegression(Tree[] trees, int treeCount, TreeLink link) => (_trees, _treeCount, _link) = (trees, treeCount, link);

    /// <summary>Reads the trees of an ensemble.</summary>
    /// <returns>Null where a tree asks for a feature that is not there.</returns>
    public static TreeRegression? Read(IReadOnlyList<RegressionTreeBase> trees, int featureCount, TreeLink link)
    {
        var read = new List<Tree>(trees.Count);
        foreach (var tree in trees)
        {
            // As in ML.NET, a tree that splits nothing counts 0, whatever its one leaf says.
            if (tree.NumberOfNodes == 0 || tree.LeftChild[0] == 0) continue;
            if (Features(tree).Any(feature => feature < 0 || feature >= featureCount)) return null;
            read.Add(MaskedTree.Fits(tree) ? new MaskedTree(tree, featureCount) : new WalkedTree(tree, featureCount));
        }
        return new TreeRegression([.. read], trees.Count, link);
    }

    public override void Predict(BlockColumn features, int rows, Span<float> scores)
    {
        Array.Clear(_sums);
        // In ML.NET's order, because a sum of doubles depends on it.
        foreach (var tree in _trees) tree.AddTo(_sums, features, rows);
        for (var row = 0; row < rows; row++)
        {
            var sum = (float)_sums[row];
            scores[row] = _link switch
            {
                TreeLink.Mean => sum / _treeCount,
                TreeLink.Exponential => (float)Math.Exp(sum),
                _ => sum,
            };
        }
    }

    private static IEnumerable<int> Features(RegressionTreeBase tree)
    {
        for (var node = 0; node < tree.NumberOfNodes; node++)
        {
            if (!tree.CategoricalSplitFlags[node]) yield return tree.NumericalSplitFeatureIndexes[node];
            else foreach (var feature in tree.GetCategoricalSplitFeaturesAt(node)) yield return feature;
        }
    }
}
