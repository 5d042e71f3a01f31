using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>Looks for single values that pull all weights towards themselves.</summary>
internal static class Outlier
{
    // Networks are made for no value so far from all others.
    private const double FarAway = 50;

    /// <summary>Says which column has a value far from all others.</summary>
    /// <param name="values">[rows, columns]</param>
    /// <param name="name">The name of a column.</param>
    /// <returns>Null where there is none.</returns>
    public static string? Describe(Tensor values, Func<int, string> name)
    {
        using var scope = NewDisposeScope();
        var exact = values.to(ScalarType.Float64);
        var mean = exact.mean([0L], keepdim: true);
        var deviation = (exact - mean).Squared().mean([0L], keepdim: true).sqrt();
        var distance = ((exact - mean).abs() / deviation.NotBelow(1e-300)).amax([0L]).cpu().data<double>().ToArray();
        var farthest = Array.IndexOf(distance, distance.Max());
        return distance[farthest] > FarAway
            ? Invariant($"one transition has a value of {name(farthest)} that lies {distance[farthest]:g3} deviations from the others: look for a faulty one")
            : null;
    }
}
