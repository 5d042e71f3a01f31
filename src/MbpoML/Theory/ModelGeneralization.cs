using MbpoML.Numerics;

namespace MbpoML.Theory;

/// <summary>
/// How the model's error grows as the policy moves away from the one that collected the data: ε̂_m′(ε_π) = ε_m + ε_π · dε_m′/dε_π (the paper's
/// section 4.3).
/// </summary>
/// <param name="ErrorOnData">ε_m, the error on the data-collecting policy's own distribution, from 0 to 1: the offset in the talk's picture of
/// generalization.</param>
/// <param name="Slope">dε_m′/dε_π at no shift, finite: the slope in that picture. Both fall with more data.</param>
/// <exception cref="ArgumentOutOfRangeException">The error is not between 0 and 1, or the slope is not finite.</exception>
public readonly record struct ModelGeneralization(double ErrorOnData, double Slope)
{
    /// <summary>ε_m, the error on the data-collecting policy's own distribution.</summary>
    public double ErrorOnData { get; } = Check.Within(0, 1, ErrorOnData);

    /// <summary>dε_m′/dε_π at no shift.</summary>
    public double Slope { get; } = Check.Finite(Slope);

    /// <summary>
    /// The slope from measured points: Σ ε_π (ε_m′ − ε_m) / Σ ε_π², that of the line of least squares among those through the measured error at no
    /// shift.
    /// </summary>
    /// <remarks>
    /// The paper's estimate starts at ε_m, which is measured and not fitted, so the line does, too: noise far away moves its slope, but not its beginning.
    /// </remarks>
    /// <param name="errorOnData">ε_m, measured on fresh transitions of the data-collecting policy, from 0 to 1.</param>
    /// <param name="policyShifts">The shifts ε_π, [points], from 0 to 1, at least one above 0; those at 0 say nothing about the slope.</param>
    /// <param name="modelErrors">The error ε_m′ of the model at each of the shifts, [points], from 0 to 1.</param>
    /// <exception cref="ArgumentException">There are not equally many of both, no shift is above 0, or a number is not between 0 and 1.</exception>
    public static ModelGeneralization Fit(double errorOnData, IReadOnlyList<double> policyShifts, IReadOnlyList<double> modelErrors)
    {
        Check.Within(0, 1, errorOnData);
        ArgumentNullException.ThrowIfNull(policyShifts);
        ArgumentNullException.ThrowIfNull(modelErrors);
        if (policyShifts.Count != modelErrors.Count)
            throw new ArgumentException(
                $"There are {policyShifts.Count} shifts and {modelErrors.Count} errors; give equally many of both.", nameof(modelErrors));
        foreach (var shift in policyShifts) Check.Within(0, 1, shift, nameof(policyShifts));
        foreach (var error in modelErrors) Check.Within(0, 1, error, nameof(modelErrors));
        if (!policyShifts.Any(shift => shift > 0))
            throw new ArgumentException($"The shifts are [{Listed.Of(policyShifts)}], but a slope needs one above 0.", nameof(policyShifts));
        var slope = policyShifts.Zip(modelErrors, (shift, error) => shift * (error - errorOnData)).Sum() / policyShifts.Sum(shift => shift * shift);
        return new ModelGeneralization(errorOnData, slope);
    }

    /// <summary>ε̂_m′: the error to expect under a policy.</summary>
    /// <param name="policyShift">ε_π, the shift of the policy from the collecting one, from 0 to 1.</param>
    /// <returns>From 0 to 1, as every total variation distance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The shift is not between 0 and 1.</exception>
    public double ErrorAt(double policyShift) => Math.Clamp(ErrorOnData + (Check.Within(0, 1, policyShift) * Slope), 0, 1);
}
