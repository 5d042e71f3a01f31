using MbpoML.Numerics;

namespace MbpoML.Theory;

/// <summary>How the model's error grows as the policy moves away from the one that collected the data: ε̂_m′(ε_π) = ε_m + ε_π · dε_m′/dε_π (the paper's section 4.3).</summary>
/// <param name="ErrorOnData">ε_m, the error on the data-collecting policy's own distribution, from 0 to 1: the offset in the talk's picture of generalization.</param>
/// <param name="Slope">dε_m′/dε_π at no shift, finite: the slope in that picture. Both fall with more data.</param>
/// <exception cref="ArgumentOutOfRangeException">The error is not between 0 and 1, or the slope is not finite.</exception>
public readonly record struct ModelGeneralization(double ErrorOnData, double Slope)
{
    /// <summary>ε_m, the error on the data-collecting policy's own distribution.</summary>
    public double ErrorOnData { get; } = Check.Within(0, 1, ErrorOnData);

    /// <summary>dε_m′/dε_π at no shift.</summary>
    public double Slope { get; } = Check.Finite(Slope);

    /// <summary>Offset and slope from measured points: the line of least squares.</summary>
    /// <param name="policyShifts">[points]: ε_π, from 0 to 1, at least two different ones.</param>
    /// <param name="modelErrors">[points]: ε_m′ at each of them, from 0 to 1.</param>
    /// <returns>An offset of the line below 0 or above 1, which no error has, is taken as 0 or 1.</returns>
    /// <exception cref="ArgumentException">There are not equally many of both, no two shifts differ, or a number is not between 0 and 1.</exception>
    public static ModelGeneralization Fit(IReadOnlyList<double> policyShifts, IReadOnlyList<double> modelErrors)
    {
        ArgumentNullException.ThrowIfNull(policyShifts);
        ArgumentNullException.ThrowIfNull(modelErrors);
        if (policyShifts.Count != modelErrors.Count)
            throw new ArgumentException($"There are {policyShifts.Count} shifts and {modelErrors.Count} errors; give equally many of both.", nameof(modelErrors));
        foreach (var shift in policyShifts) Check.Within(0, 1, shift, nameof(policyShifts));
        foreach (var error in modelErrors) Check.Within(0, 1, error, nameof(modelErrors));
        if (policyShifts.Distinct().Count() < 2) throw new ArgumentException($"The shifts are [{string.Join(", ", policyShifts)}], but a line needs two different ones.", nameof(policyShifts));
        var (meanShift, meanError) = (policyShifts.Average(), modelErrors.Average());
        var slope = policyShifts.Zip(modelErrors, (shift, error) => (shift - meanShift) * (error - meanError)).Sum() / policyShifts.Sum(shift => (shift - meanShift) * (shift - meanShift));
        return new ModelGeneralization(Math.Clamp(meanError - (slope * meanShift), 0, 1), slope);
    }

    /// <summary>ε̂_m′: the error to expect under a policy.</summary>
    /// <param name="policyShift">ε_π, from 0 to 1.</param>
    /// <returns>From 0 to 1, as every total variation distance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The shift is not between 0 and 1.</exception>
    public double ErrorAt(double policyShift) => Math.Clamp(ErrorOnData + (Check.Within(0, 1, policyShift) * Slope), 0, 1);
}
