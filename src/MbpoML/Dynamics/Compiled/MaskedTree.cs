using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Trainers.FastTree;

namespace MbpoML.Dynamics.Compiled;

/// <summary>
/// A tree evaluated for many rows at once without a branch: each split that a row does not pass strikes out the leaves below its left side, and the leftmost
/// leaf left is the row's.
/// </summary>
/// <remarks>
/// The algorithm is QuickScorer (Lucchese et al., "QuickScorer: a fast algorithm to rank documents with additive ensembles of regression trees", SIGIR 2015),
/// with the rows of a block in the lanes of a vector (Lucchese et al., "Exploiting CPU SIMD extensions to speed-up document scoring with tree ensembles", SIGIR
/// 2016). All splits are compared, which costs less than walking as long as there are not too many.
/// </remarks>
internal sealed class MaskedTree : Tree
{
    // With more leaves walking is faster.
    private const int MostLeaves = 1024;

    // With fewer rows walking is faster: the vectors would be nearly empty.
    private const int FewestRows = 16;

    private const int WordBits = 32;

    // Vectors of rows that are computed together, to keep the processor busy.
    private const int Unroll = 4;

    private readonly WalkedTree _walked;

    // The leaves from left to right.
    private readonly double[] _leaves;

    // Where the splits of each word of 32 leaves begin; one more than there are words.
    private readonly int[] _wordStarts;

    // By split and word: where the feature's column begins, the threshold, and the leaves of the word that are left where the feature is greater.
    private readonly int[] _columns;
    private readonly float[] _thresholds;
    private readonly uint[] _kept;

    /// <summary>Reads a tree.</summary>
    /// <param name="tree">It <see cref="Fits"/>.</param>
    /// <param name="featureCount">The width of the features.</param>
    public MaskedTree(RegressionTreeBase tree, int featureCount)
    {
        _walked = new WalkedTree(tree, featureCount);
        var leaves = new List<double>(tree.NumberOfLeaves);
        var words = Enumerable.Range(0, Words(tree)).Select(_ => new List<(int Column, float Threshold, uint Kept)>()).ToArray();
        Visit(0);
        _leaves = [.. leaves];
        _wordStarts = [0, .. words.Select((_, index) => words.Take(index + 1).Sum(word => word.Count))];
        var splits = words.SelectMany(word => word).ToArray();
        _columns = Array.ConvertAll(splits, split => split.Column);
        _thresholds = Array.ConvertAll(splits, split => split.Threshold);
        _kept = Array.ConvertAll(splits, split => split.Kept);

        void Visit(int node)
        {
            if (node < 0)
            {
                leaves.Add(tree.LeafValues[~node]);
                return;
            }
            var first = leaves.Count;
            Visit(tree.LeftChild[node]);
            for (var word = first / WordBits; word * WordBits < leaves.Count; word++)
            {
                var (low, high) = (Math.Max(first - (word * WordBits), 0), Math.Min(leaves.Count - (word * WordBits), WordBits));
                words[word].Add(
                    (tree.NumericalSplitFeatureIndexes[node] * BlockColumn.BlockRows, tree.NumericalSplitThresholds[node],
                        ~(uint)((1UL << high) - (1UL << low))));
            }
            Visit(tree.RightChild[node]);
        }
    }

    /// <summary>Whether a tree has no categorical split and not too many leaves.</summary>
    public static bool Fits(RegressionTreeBase tree) => tree.NumberOfLeaves <= MostLeaves && !tree.CategoricalSplitFlags.Contains(true);

    public override void AddTo(double[] sums, BlockColumn features, int rows)
    {
        if (rows < FewestRows)
        {
            _walked.AddTo(sums, features, rows);
            return;
        }
        Span<uint> left = stackalloc uint[BlockColumn.BlockRows];
        var columns = features.Transposed(rows);
        if (_wordStarts.Length == 2)
        {
            Evaluate(columns, 0, rows, left);
            for (var row = 0; row < rows; row++) sums[row] += _leaves[BitOperations.TrailingZeroCount(left[row])];
            return;
        }

        Span<int> leaf = stackalloc int[BlockColumn.BlockRows];
        leaf.Fill(-1);
        for (var word = 0; word < _wordStarts.Length - 1; word++)
        {
            Evaluate(columns, word, rows, left);
            for (var row = 0; row < rows; row++)
                if (leaf[row] < 0 && left[row] != 0) leaf[row] = (word * WordBits) + BitOperations.TrailingZeroCount(left[row]);
        }
        for (var row = 0; row < rows; row++) sums[row] += _leaves[leaf[row]];
    }

    // The leaves of a word that are not struck out, by row. Rows behind the last are computed too: the block has room for them, and nobody reads them.
    private void Evaluate(float[] columns, int word, int rows, Span<uint> left)
    {
        var lanes = Vector<float>.Count;
        ref var column = ref MemoryMarshal.GetArrayDataReference(columns);
        for (var row = 0; row < rows; row += Unroll * lanes)
        {
            var (left0, left1, left2, left3) = (Vector<uint>.AllBitsSet, Vector<uint>.AllBitsSet, Vector<uint>.AllBitsSet, Vector<uint>.AllBitsSet);
            for (var split = _wordStarts[word]; split < _wordStarts[word + 1]; split++)
            {
                ref var values = ref Unsafe.Add(ref column, _columns[split] + row);
                var (threshold, kept) = (new Vector<float>(_thresholds[split]), new Vector<uint>(_kept[split]));
                left0 = Strike(left0, Vector.LoadUnsafe(ref values), threshold, kept);
                left1 = Strike(left1, Vector.LoadUnsafe(ref values, (nuint)lanes), threshold, kept);
                left2 = Strike(left2, Vector.LoadUnsafe(ref values, (nuint)(2 * lanes)), threshold, kept);
                left3 = Strike(left3, Vector.LoadUnsafe(ref values, (nuint)(3 * lanes)), threshold, kept);
            }
            left0.CopyTo(left[row..]);
            left1.CopyTo(left[(row + lanes)..]);
            left2.CopyTo(left[(row + (2 * lanes))..]);
            left3.CopyTo(left[(row + (3 * lanes))..]);
        }
    }

    // As in ML.NET, a row passes to the left where its value is at most the threshold, both floats.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Strike(Vector<uint> left, Vector<float> values, Vector<float> threshold, Vector<uint> kept) =>
        Vector.BitwiseAnd(left, Vector.BitwiseOr(Vector.AsVectorUInt32(Vector.LessThanOrEqual(values, threshold)), kept));

    private static int Words(RegressionTreeBase tree) => (tree.NumberOfLeaves + WordBits - 1) / WordBits;
}
