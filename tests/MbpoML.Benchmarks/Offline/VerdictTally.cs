using MbpoML.Algorithms.Offline.Verdicts;
using static System.FormattableString;

namespace MbpoML.Benchmarks.Offline;

/// <summary>How right the verdicts on several policies were.</summary>
internal static class VerdictTally
{
    /// <summary>Says it in a few lines.</summary>
    /// <param name="judged">At least two.</param>
    public static IEnumerable<string> Of(IReadOnlyList<JudgedPolicy> judged)
    {
        var byVerdict = judged.ToLookup(one => one.Report.Verdict);
        string Count(OfflineVerdict verdict) => Invariant($"{byVerdict[verdict].Count()} ({byVerdict[verdict].Count(one => one.IsWrong)} wrong)");
        yield return Invariant($"{judged.Count} policies, of which {judged.Count(one => one.Gain > 0)} are really better than log and clone");
        yield return $"verdicts: better {Count(OfflineVerdict.Better)}, worse {Count(OfflineVerdict.Worse)}, " +
            Invariant($"worse than the clone {Count(OfflineVerdict.WorseThanClone)}, not decidable {byVerdict[OfflineVerdict.NotDecidable].Count()}");
        var better = byVerdict[OfflineVerdict.Better].ToArray();
        yield return "share of wrong among 'better': " +
            (better.Length == 0 ? "none was said" : Invariant($"{(double)better.Count(one => one.IsWrong) / better.Length:P0}"));
        var (model, fittedQ) = (Ranks(judged, one => one.Report.Model.PolicyMean, one => one.Real.Return),
            Ranks(judged, one => one.Report.FittedQ.PolicyMean, one => one.Real.Discounted));
        yield return Invariant($"rank correlation with the real worth: model {model:F2}, fitted Q evaluation {fittedQ:F2}");
        yield return Invariant($"95 % intervals of the gain that hold the real one: model {judged.Count(one => one.IsModelRight)} of {judged.Count}, ") +
            Invariant($"fitted Q evaluation {judged.Count(one => one.IsFittedQRight)} of {judged.Count}");
    }

    /// <summary>Spearman's rank correlation; equal numbers share their mean rank.</summary>
    public static double Ranks(IReadOnlyList<JudgedPolicy> judged, Func<JudgedPolicy, double> told, Func<JudgedPolicy, double> real) =>
        Statistics.Correlation(RanksOf([.. judged.Select(told)]), RanksOf([.. judged.Select(real)]));

    private static double[] RanksOf(double[] values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0))];
}
