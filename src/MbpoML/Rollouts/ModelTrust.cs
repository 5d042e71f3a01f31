namespace MbpoML.Rollouts;

/// <summary>What a run has measured of how far its model can be trusted now: the two inputs of the paper's Theorem 4.3.</summary>
/// <param name="ModelError">
/// ε_m′: the error of the model on the transitions that came in since it was fitted, which are those of the current policy and which it has not seen; see <see cref="Evaluation.ModelError.MeanTotalVariation"/>.
/// </param>
/// <param name="PolicyShift">ε_π: the distance of the current policy from those that collected the data, on states of the data; see <see cref="Evaluation.PolicyShift.MeanTotalVariation"/>.</param>
public readonly record struct ModelTrust(double ModelError, double PolicyShift);
