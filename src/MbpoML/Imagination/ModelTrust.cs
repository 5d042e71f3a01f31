using MbpoML.Theory;

namespace MbpoML.Imagination;

/// <summary>What was measured of how far a model can be trusted: the inputs of the paper's return bounds.</summary>
/// <param name="ModelError">
/// ε_m′: the error of the model on the transitions that came in since it was fitted, which are those of the current policy and which it has not seen; see
/// <see cref="Evaluation.Diagnostics.ModelError.MixtureTotalVariation"/>.
/// </param>
/// <param name="PolicyShift">ε_π: the distance of the current policy from those that collected the data, on states of the data; see
/// <see cref="Evaluation.Diagnostics.PolicyShift.MeanTotalVariation"/>.</param>
/// <param name="ErrorOnData">
/// ε_m: the same error of the model on the transitions that there were when it was fitted. Most of them are rows that it was fitted to, so that ε_m is too
/// low rather than too high, and the slope too steep: on the safe side.
/// </param>
/// <param name="MaxReward">r_max: the largest absolute reward of all those transitions.</param>
public readonly record struct ModelTrust(double ModelError, double PolicyShift, double ErrorOnData, double MaxReward)
{
    /// <summary>dε_m′/dε_π as the difference between the two errors over the shift; 0 where the policy has not moved.</summary>
    public double Slope => PolicyShift > 0 ? (ModelError - ErrorOnData) / PolicyShift : 0;

    /// <summary>The model's generalization as far as two points tell: what error to expect under another policy.</summary>
    public ModelGeneralization Generalization => new(ErrorOnData, Slope);
}
