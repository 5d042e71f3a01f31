using System.Globalization;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Data.Replay;

/// <summary>
/// Finds in transitions that are float32 already what the conversion to it has cost: observations and rewards that take only a few values near a large one.
/// </summary>
internal static class StoredPrecision
{
    /// <summary>What to do about numbers that float32 cannot hold.</summary>
    public const string Remedy = "Subtract an offset, or give it in another unit.";

    /// <summary>A warning of what <see cref="DescribeLoss"/> found.</summary>
    public static string Warning(string loss) => $"Transitions are kept as float32, whose precision is too low for some of their numbers: {loss}. {Remedy}";

    // Numbers up to this size have no offset worth subtracting: sines and cosines may rest at one.
    private const double Offset = 8;

    // Fewer different values than this, over the whole range, are a loss.
    private const double LeastSteps = 64;

    /// <summary>Says of each such number how large it is, its range, and what float32 holds there.</summary>
    /// <param name="layout">Where each field stands.</param>
    /// <param name="rows">[rows, width]</param>
    /// <returns>Null where there is none.</returns>
    public static string? DescribeLoss(TransitionLayout layout, Tensor rows)
    {
        if (rows.size(0) == 0) return null;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // Actions are left to the comparison with their bounds: a policy's often rest at one of them.
        var losses = Enumerable.Range(0, layout.ObservationSize).Select(index => Loss(
            Invariant($"observation {index}"), Column(index), Column(layout.NextObservationOffset + index)))
            .Append(Loss("the reward", Column(layout.RewardOffset)));
        return MessageText.Join([.. losses.OfType<string>()]);

        Tensor Column(int offset) => rows.select(1, offset);
    }

    private static string? Loss(string name, params Tensor[] columns)
    {
        using var scope = NewDisposeScope();
        var low = columns.Min(column => column.min().item<float>());
        var high = columns.Max(column => column.max().item<float>());
        var (size, range) = (Math.Max(Math.Abs(low), Math.Abs(high)), (double)high - low);
        var spacing = TransitionStatistics.Spacing(size);
        if (size <= Offset || range >= LeastSteps * spacing) return null;
        // A constant tells nothing, unless float32 does not even hold whole numbers there.
        if (range == 0 && spacing <= 1) return null;
        // Whole numbers that float32 holds exactly have lost nothing.
        if (spacing <= 1 && columns.All(column => column.eq(column.round()).all().item<bool>())) return null;
        return string.Create(CultureInfo.InvariantCulture,
            $"{name} is of the size {size:g4}, within a range of {range:g3}, where float32 holds steps of {spacing:g3}");
    }
}
