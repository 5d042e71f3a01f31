using MbpoML.Numerics;
using MbpoML.Theory;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>How the error of a model that was fitted to a number of transitions grows as the policy moves on: one curve of the talk's picture.</summary>
/// <param name="TrainingSize">The transitions that the model was fitted to.</param>
/// <param name="Points">One for each policy, in their order; the first is the policy that collected the data, at a shift of 0.</param>
public sealed record GeneralizationCurve(int TrainingSize, IReadOnlyList<GeneralizationPoint> Points)
{
    /// <summary>
    /// The error as it was measured at a shift of 0, and the slope of the line of least squares from there through the points near the data
    /// (<see cref="ModelGeneralization.Fit"/>).
    /// </summary>
    /// <remarks>
    /// The error is that of the model's mean (<see cref="ModelError.MeanTotalVariation"/>), which tells how right fits are. That of what a rollout draws
    /// (<see cref="ModelError.MixtureTotalVariation"/>) is larger, so that rollouts recommended by this curve are too long rather than too short.
    /// </remarks>
    /// <param name="largestShift">ε_π up to which points count, above 0 and at most 1. The slope is wanted at no shift, and Pinsker's bound, which measures
    /// ε_π, says nothing above 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The largest shift is not above 0 and at most 1.</exception>
    /// <exception cref="InvalidOperationException">No point lies at a shift of 0, or none above it is that near.</exception>
    public ModelGeneralization Fit(double largestShift = 0.5)
    {
        Check.Within(0, 1, Check.Positive(largestShift), nameof(largestShift));
        var (unmoved, near) = (Unmoved(), Near(largestShift));
        if (unmoved.Length == 0)
            throw new InvalidOperationException(
                $"None of {Points.Count} policies has a shift of 0, but ε_m is the error measured there. Give the policy that collected the data as the " +
                    "first one.");
        if (near.Length == 0)
            throw new InvalidOperationException(
                Invariant($"None of {Points.Count} policies has a shift above 0 and of at most {largestShift}, but a slope needs one. Give policies that ") +
                    "lie nearer to the collecting one, or a larger limit.");
        return ModelGeneralization.Fit(
            unmoved.Average(point => point.Error.MeanTotalVariation), [.. near.Select(point => point.Shift.MeanTotalVariation)],
            [.. near.Select(point => point.Error.MeanTotalVariation)]);
    }

    /// <summary>Whether there are the points for <see cref="Fit"/>.</summary>
    /// <param name="largestShift">The largest ε_π, a total variation from 0 to 1, of a policy that counts.</param>
    public bool HasLine(double largestShift) => Unmoved().Length > 0 && Near(largestShift).Length > 0;

    // More than one where other policies have not moved at all; each measured the same error on transitions of its own.
    private GeneralizationPoint[] Unmoved() => [.. Points.Where(point => point.Shift.MeanTotalVariation == 0)];

    private GeneralizationPoint[] Near(double largestShift) =>
        [.. Points.Where(point => point.Shift.MeanTotalVariation > 0 && point.Shift.MeanTotalVariation <= largestShift)];
}
