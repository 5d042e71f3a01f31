namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>How far the states and actions that a policy comes to, as the model imagines them, lie from the log.</summary>
/// <param name="Threshold">The distance to the nearest logged state and action that 99 % of held-out rows stay within, in deviations of the log.</param>
/// <param name="PolicyOutside">The share of the policy's steps beyond that.</param>
/// <param name="CloneOutside">The share of the clone's steps beyond that.</param>
/// <param name="PolicyQuantiles">The deciles of the policy's distances, from the least to the largest: 11 values.</param>
/// <param name="HeldOutQuantiles">The deciles of the held-out rows' distances.</param>
/// <param name="Dimensions">Where the policy leaves the range that 98 % of the log stay within, the most frequent first.</param>
public sealed record DataDistance(
    double Threshold, double PolicyOutside, double CloneOutside, IReadOnlyList<double> PolicyQuantiles, IReadOnlyList<double> HeldOutQuantiles,
    IReadOnlyList<DimensionOutside> Dimensions);
