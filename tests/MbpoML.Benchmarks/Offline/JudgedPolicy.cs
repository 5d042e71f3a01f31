using MbpoML.Algorithms.Offline.Verdicts;

namespace MbpoML.Benchmarks.Offline;

/// <summary>A policy with what the log says of it, and what the simulator says.</summary>
/// <param name="Name">How it was made.</param>
/// <param name="Report">What the judge says.</param>
/// <param name="Real">What it earns.</param>
/// <param name="Cloned">What the judge's clone earns, from the same seeds.</param>
internal sealed record JudgedPolicy(string Name, JudgeReport Report, RealWorth Real, RealWorth Cloned)
{
    /// <summary>What it really gains in return on the better one of log and clone.</summary>
    public double Gain => Math.Min(OverClone, OverLog);

    /// <summary>Whether the model's interval holds what it really gains.</summary>
    public bool IsModelRight => Holds(Report.Model, OverClone, OverLog);

    /// <summary>Whether the interval of fitted Q evaluation holds it, discounted from the starts on.</summary>
    public bool IsFittedQRight => Holds(Report.FittedQ, Real.Discounted - Cloned.Discounted, Real.Discounted - Report.FittedQ.Log);

    /// <summary>Whether it is said to be better, or worse, and is not.</summary>
    public bool IsWrong => Report.Verdict switch
    {
        OfflineVerdict.Better => Gain <= 0,
        OfflineVerdict.Worse => OverLog >= 0,
        OfflineVerdict.WorseThanClone => OverClone >= 0,
        _ => false,
    };

    private double OverClone => Real.Return - Cloned.Return;

    private double OverLog => Real.Return - Report.Model.Log;

    // Of the gain that the verdict counts by.
    private static bool Holds(ComparedEstimate estimate, double overClone, double overLog)
    {
        var real = ReferenceEquals(estimate.Gain, estimate.OverClone) ? overClone : overLog;
        return Math.Abs(real - estimate.Gain.Value) <= estimate.Gain.HalfWidth;
    }
}
