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

    /// <summary>ε̂_m′: the error to expect under a policy.</summary>
    /// <param name="policyShift">ε_π, from 0 to 1.</param>
    /// <returns>From 0 to 1, as every total variation distance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The shift is not between 0 and 1.</exception>
    public double ErrorAt(double policyShift) => Math.Clamp(ErrorOnData + (Check.Within(0, 1, policyShift) * Slope), 0, 1);
}
