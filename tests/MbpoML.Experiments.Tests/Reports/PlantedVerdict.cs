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
        FittedQ = new ComparedEstimate("Fitted Q evaluation", [10, 11, 12], [9, 9.5, 9.2], 9.1, 1.7, 2.5),
        Model = new ComparedEstimate(
            "Members of the model", [100, 90, double.NegativeInfinity], [80, 82, 81], 81, double.NegativeInfinity, double.PositiveInfinity),
        Distance = new DataDistance(1.5, 0.4, 0.02, [.. Enumerable.Range(0, 11).Select(index => (double)index)], [.. Enumerable.Range(0, 11).Select(_ => 1.0)],
            [new DimensionOutside(true, 0, true, 0.8, 0.34)]),
        Calibration = new ModelCalibration(200, 10, 0.88, [0.1, 0.2, 0.3], [0.5, 0.8, 1], -1.2, 0.4, double.NaN),
        Log = new LogFacts(1000, 10, 10, 3, 0.99, 0.015),
    };
}
