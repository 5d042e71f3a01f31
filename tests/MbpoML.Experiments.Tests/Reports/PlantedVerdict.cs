using MbpoML.Algorithms.Offline.Verdicts;

namespace MbpoML.Experiments.Tests.Reports;

/// <summary>A verdict without a judge.</summary>
internal static class PlantedVerdict
{
    public static JudgeReport Report { get; } = new()
    {
        Verdict = OfflineVerdict.NotDecidable,
        Summary = "This log does not say <whether> the policy is better.",
        Reasons = ["One estimate says so.", "The other does not."],
        DataWanted = ["Record rows with action 0 above 0.8."],
        Confidence = 0.6,
        FittedQ = Estimate("Fitted Q evaluation", [10, 11, 12], [9, 9.5, 9.2], 9.1, new EstimatedGain(1.7, 2.5)),
        Model = Estimate(
            "Members of the model", [100, 90, double.NegativeInfinity], [80, 82, 81], 81,
            new EstimatedGain(double.NegativeInfinity, double.PositiveInfinity)),
        Distance = new DataDistance(1.5, 0.4, 0.02, [.. Enumerable.Range(0, 11).Select(index => (double)index)], [.. Enumerable.Range(0, 11).Select(_ => 1.0)],
            [new DimensionOutside(true, 0, true, 0.8, 0.34)]),
        Calibration = new ModelCalibration(200, 10, 0.88, [0.1, 0.2, 0.3], [0.5, 0.8, 1], -1.2, 0.4, double.NaN),
        Log = new LogFacts(1000, 10, 10, 3, 0.99, 0.015),
    };

    /// <summary>An estimate with the same gain on the log as on the clone, which earns what the log does.</summary>
    public static ComparedEstimate Estimate(string name, double[] policy, double[] clone, double log, EstimatedGain gain) =>
        new(name, policy, clone, log, gain, gain, new EstimatedGain(0, gain.HalfWidth));
}
