using MbpoML.Data;
using MbpoML.Imagination.Gates;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>Measures how far states and actions lie from those of a log, in units of the log's standard deviations.</summary>
internal sealed class NearestData : IDisposable
{
    // Enough for a share, few enough for a table of all distances.
    private const int ReferenceRows = 5000;
    private const int AskedRows = 2000;

    // Of held-out rows, so many stay within the threshold.
    private const double Usual = 0.99;

    // 98 % of the log lie between these.
    private const double Low = 0.01, High = 0.99;

    // Below this share a dimension is not worth a word.
    private const double LeastShare = 0.02;

    private readonly TransitionLayout _layout;
    private readonly Standardizer _scale;
    private readonly Tensor _reference, _heldOut;
    private readonly Tensor _lowest, _highest;

    /// <param name="log">The log.</param>
    /// <param name="learned">The rows that are compared with.</param>
    /// <param name="heldOut">The rows whose distance is usual.</param>
    public NearestData(OfflineLog log, Tensor learned, Tensor heldOut)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _layout = log.Layout;
        var inputs = _layout.ObservationAction(log.Rows);
        _scale = new Standardizer((int)inputs.size(1), CPU);
        _scale.FitTo(inputs);
        _reference = _scale.Apply(inputs.index_select(0, Evenly(learned, ReferenceRows))).DetachFromDisposeScope();
        _heldOut = Distances(_scale.Apply(inputs.index_select(0, Evenly(heldOut, AskedRows)))).DetachFromDisposeScope();
        Threshold = TensorQuantile.Of(_heldOut, Usual).item<float>();
        (_lowest, _highest) = (TensorQuantile.Of(inputs, Low).DetachFromDisposeScope(), TensorQuantile.Of(inputs, High).DetachFromDisposeScope());
    }

    /// <summary>The distance that 99 % of held-out rows stay within.</summary>
    public double Threshold { get; }

    /// <summary>Measures what a policy visits.</summary>
    /// <param name="policy">Its states and actions, [rows, observation + action].</param>
    /// <param name="clone">Those of the clone.</param>
    public DataDistance Measure(Tensor policy, Tensor clone)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (ofPolicy, ofClone) = (Distances(_scale.Apply(Some(policy))), Distances(_scale.Apply(Some(clone))));
        return new DataDistance(Threshold, Outside(ofPolicy), Outside(ofClone), Deciles(ofPolicy), Deciles(_heldOut), Dimensions(policy, clone));
    }

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_scale, _reference, _heldOut, _lowest, _highest]) part.Dispose();
    }

    // What is no number is far away.
    private double Outside(Tensor distances) => 1 - distances.AtMost(Threshold).to(ScalarType.Float64).mean().item<double>();

    private Tensor Distances(Tensor asked) => cdist(asked, _reference).amin([1L]);

    private static double[] Deciles(Tensor distances) =>
        [.. Enumerable.Range(0, 11).Select(decile => (double)TensorQuantile.Of(distances, decile / 10.0).item<float>())];

    private DimensionOutside[] Dimensions(Tensor policy, Tensor clone)
    {
        var (above, below) = (Shares(policy.gt(_highest)), Shares(policy.lt(_lowest)));
        var (cloneAbove, cloneBelow) = (Shares(clone.gt(_highest)), Shares(clone.lt(_lowest)));
        var (lowest, highest) = (_lowest.data<float>().ToArray(), _highest.data<float>().ToArray());
        DimensionOutside Of(int index, bool isAbove)
        {
            var isAction = index >= _layout.ObservationSize;
            return new DimensionOutside(
                isAction, isAction ? index - _layout.ObservationSize : index, isAbove, (isAbove ? highest : lowest)[index], (isAbove ? above : below)[index])
            {
                CloneShare = (isAbove ? cloneAbove : cloneBelow)[index],
            };
        }

        return
        [
            .. Enumerable.Range(0, above.Length).SelectMany(index => (DimensionOutside[])[Of(index, true), Of(index, false)])
                .Where(outside => outside.Share >= LeastShare).OrderByDescending(outside => outside.Share),
        ];
    }

    private static double[] Shares(Tensor isOutside) => isOutside.to(ScalarType.Float64).mean([0L]).data<double>().ToArray();

    private static Tensor Some(Tensor rows) =>
        rows.size(0) <= AskedRows ? rows : rows.index_select(0, Evenly(ScalarArithmetic.Numbers(0, rows.size(0), CPU), AskedRows));

    private static Tensor Evenly(Tensor numbers, int most)
    {
        var all = numbers.data<long>().ToArray();
        return all.Length <= most ? numbers : tensor(Enumerable.Range(0, most).Select(index => all[(long)index * all.Length / most]).ToArray());
    }
}
