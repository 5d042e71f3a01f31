namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>How well the model of the judge foretells held-out episodes.</summary>
/// <param name="Rows">The number of held-out transitions.</param>
/// <param name="Windows">The number of replays, each of at most as many steps as <see cref="ErrorBySteps"/> has.</param>
/// <param name="Coverage90">The share of held-out values inside the central 90 % intervals of the one-step predictions, on average over the outputs
/// that imagined steps take from the model: neither a known reward nor set points.</param>
/// <param name="ErrorBySteps">
/// The root mean square error of the imagined observations after each step with the logged actions, in units of the observations' deviations in the log.
/// </param>
/// <param name="UnchangedBySteps">The same error of who says that nothing changes, to compare with.</param>
/// <param name="ReturnBias">
/// The mean of foretold less real return over the replays, in which the clone steers, and what the logged actions were beside its own is added.
/// </param>
/// <param name="ReturnBiasHalfWidth">Half of the 95 % interval of that.</param>
/// <param name="ReturnCorrelation">The correlation of foretold and real returns; NaN where one of them never changes.</param>
public sealed record ModelCalibration(
    long Rows, int Windows, double Coverage90, IReadOnlyList<double> ErrorBySteps, IReadOnlyList<double> UnchangedBySteps, double ReturnBias,
    double ReturnBiasHalfWidth, double ReturnCorrelation)
{
    /// <summary>
    /// Whether the imagined steps draw the noise of a member; else they take its mean. Of both, that is taken which foretells held-out returns better.
    /// </summary>
    public bool DrawsNoise { get; init; }
}
