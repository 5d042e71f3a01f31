using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Imagination.Gates;

/// <summary>Quantiles of samples on any device.</summary>
internal static class TensorQuantile
{
    /// <summary>The quantile of each column: between the two nearest of its values, in proportion.</summary>
    /// <param name="values">[samples, ..]; at least one sample.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>[..]; what is no number counts as larger than any.</returns>
    public static Tensor Of(Tensor values, double share)
    {
        using var scope = NewDisposeScope();
        var (sorted, _) = values.sort(0);
        var place = share * (values.size(0) - 1);
        var below = (long)Math.Floor(place);
        var low = sorted.select(0, below);
        if (place <= below) return low.clone().MoveToOuterDisposeScope();
        return low.Plus((sorted.select(0, below + 1) - low).Times(place - below)).MoveToOuterDisposeScope();
    }
}
