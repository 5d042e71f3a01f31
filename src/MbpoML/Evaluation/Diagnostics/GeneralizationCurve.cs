using MbpoML.Numerics;
using MbpoML.Theory;

namespace MbpoML.Evaluation;

/// <summary>How the error of a model that was fitted to a number of transitions grows as the policy moves on: one curve of the talk's picture.</summary>
/// <param name="TrainingSize">The transitions that the model was fitted to.</param>
/// <param name="Points">One for each policy, in their order; the first is the policy that collected the data.</param>
public sealed record GeneralizationCurve(int TrainingSize, IReadOnlyList<GeneralizationPoint> Points)
{
    /// <summary>Offset and slope: the least-squares line of the model's error over the policy's shift, through the points near the data.</summary>
    /// <param name="largestShift">ε_π up to which points count, above 0 and at most 1. The slope is wanted at no shift, and Pinsker's bound, which measures ε_π, says nothing above 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The largest shift is not above 0 and at most 1.</exception>
    /// <exception cref="InvalidOperationException">Fewer than two points, of different shifts, are that near.</exception>
    public ModelGeneralization Fit(double largestShift = 0.5)
    {
        Check.Within(0, 1, Check.Positive(largestShift), nameof(largestShift));
        var near = Near(largestShift);
        if (!HasLine(largestShift))
            throw new InvalidOperationException(
                $"{near.Length} of {Points.Count} policies have a shift of at most {largestShift}, but a line needs two different shifts. Give policies that lie nearer to the collecting one, or a larger limit.");
        return ModelGeneralization.Fit([.. near.Select(point => point.Shift.MeanTotalVariation)], [.. near.Select(point => point.Error.MeanTotalVariation)]);
    }

    /// <summary>Whether there are points enough for <see cref="Fit"/>.</summary>
    internal bool HasLine(double largestShift) => Near(largestShift).Select(point => point.Shift.MeanTotalVariation).Distinct().Count() >= 2;

    private GeneralizationPoint[] Near(double largestShift) => [.. Points.Where(point => point.Shift.MeanTotalVariation <= largestShift)];
}
