namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>
/// Makes a verdict of estimates. A policy is better only where every way to estimate says so of log and clone, by more than its own error. It is worse only
/// where every way says so of the log. A model that foretold the returns of held-out episodes one by one may decide where fitted Q evaluation is too coarse to
/// contradict it.
/// </summary>
internal static class VerdictRule
{
    // Of a few estimators, their standard deviation counts twice.
    private const double Spread = 2;
    private const double MostConfidence = 0.99;

    /// <summary>Compares a policy with the clone and with the log, by one way to estimate.</summary>
    /// <param name="name">The way.</param>
    /// <param name="policy">[estimators][starts]</param>
    /// <param name="clone">[estimators][starts]</param>
    /// <param name="log">[starts]</param>
    /// <param name="wrong">By how much the way is wrong where the truth is known.</param>
    public static ComparedEstimate Compare(string name, double[][] policy, double[][] clone, double[] log, double wrong)
    {
        var logs = policy.Select(_ => log).ToArray();
        double[] ofPolicy = [.. policy.Select(estimator => estimator.Average())], ofClone = [.. clone.Select(estimator => estimator.Average())];
        return new ComparedEstimate(
            name, ofPolicy, ofClone, log.Average(), Difference(policy, clone, wrong), Difference(policy, logs, wrong), Difference(clone, logs, wrong));
    }

    // Each difference has the spread of its own: what two policies share in an estimator is no part of what they differ by.
    private static EstimatedGain Difference(double[][] one, double[][] other, double wrong)
    {
        double[] byEstimator = [.. one.Zip(other, (first, second) => first.Average() - second.Average())];
        double[] byStart = [.. one[0].Select((_, start) => one.Average(estimator => estimator[start]) - other.Average(estimator => estimator[start]))];
        var half = Statistics.Together(Spread * Statistics.Deviation(byEstimator), Statistics.Mean(byStart).HalfWidth, wrong);
        return new EstimatedGain(byEstimator.Average(), double.IsFinite(byEstimator.Average()) ? half : double.PositiveInfinity);
    }

    /// <summary>Decides.</summary>
    /// <param name="inputs">What it is decided from.</param>
    public static JudgeReport Decide(VerdictInputs inputs)
    {
        var (fittedQ, model) = (inputs.FittedQ, inputs.Model);
        var isProven = inputs.Calibration.ReturnCorrelation >= inputs.Options.ProvenCorrelation;
        var agreed = new (OfflineVerdict Verdict, bool OfModel, bool OfFittedQ, bool IsContradicted)[]
        {
            (OfflineVerdict.Better, model.IsAbove, fittedQ.IsAbove, fittedQ.Gain.IsBelow),
            (OfflineVerdict.Worse, model.OverLog.IsBelow, fittedQ.OverLog.IsBelow, fittedQ.OverLog.IsAbove),
            (OfflineVerdict.WorseThanClone, model.OverClone.IsBelow, fittedQ.OverClone.IsBelow, fittedQ.OverClone.IsAbove),
        }.FirstOrDefault(one => one.OfModel && (one.OfFittedQ || (isProven && !one.IsContradicted)));
        // Far from the log nobody is said to be better; who is worse on all counts need not be near it.
        var doubts = Doubts(inputs, asksDistance: agreed.Verdict is OfflineVerdict.NotDecidable or OfflineVerdict.Better);
        var verdict = doubts.Count > 0 ? OfflineVerdict.NotDecidable : agreed.Verdict;
        var isAlone = agreed.OfModel && !agreed.OfFittedQ;
        var confidence = isAlone ? model.Gain.Confidence : Math.Min(fittedQ.Gain.Confidence, model.Gain.Confidence);
        return new JudgeReport
        {
            Verdict = verdict,
            Summary = Summary(verdict, inputs, confidence),
            Reasons = [Reason(fittedQ), Reason(model), .. isAlone ? (string[])[Proof(inputs.Calibration)] : [], .. doubts.Select(doubt => doubt.Reason)],
            DataWanted = verdict != OfflineVerdict.NotDecidable ? [] : [.. doubts.Select(doubt => doubt.Wanted).Distinct(), .. Wanted(inputs)],
            Confidence = confidence,
            FittedQ = fittedQ,
            Model = model,
            Distance = inputs.Distance,
            Calibration = inputs.Calibration,
            Log = inputs.Log,
        };
    }

    // What makes every number worthless, with what would help.
    private static List<(string Reason, string Wanted)> Doubts(VerdictInputs inputs, bool asksDistance)
    {
        var (doubts, distance, coverage) = (new List<(string, string)>(), inputs.Distance, inputs.Calibration.Coverage90);
        // Where even the clone leaves the log, the model strays; within limits that is not the policy's fault.
        var allowed = inputs.Options.MaxOutside + Math.Min(distance.CloneOutside, inputs.Options.MaxOutside);
        if (asksDistance && distance.PolicyOutside > allowed)
            doubts.Add((
                Invariant($"The policy takes {distance.PolicyOutside:P0} of its steps further from the log than 99 % of held-out rows lie; at most ") +
                    Invariant($"{allowed:P0} are accepted."),
                distance.Dimensions is [var first, ..] ? Wanted(first)
                    : "Record episodes in which the controller deviates from its habit, at random and within what is safe."));
        // Among many dimensions, a single one that leaves the log hardly moves the distance; but the plant may have a limit there that was never logged.
        // Where the clone goes as well, the habits of the log lead there.
        if (asksDistance && distance.Dimensions.FirstOrDefault(outside => outside.Share > inputs.Options.MaxOutside + outside.CloneShare) is { } far)
            doubts.Add((
                Invariant($"The policy takes {Place(far)} in {far.Share:P0} of its steps, where 1 % of the log and {far.CloneShare:P0} of the clone are; ") +
                    Invariant($"at most {inputs.Options.MaxOutside + far.CloneShare:P0} are accepted."),
                Wanted(far)));
        if (coverage < inputs.Options.LeastCoverage)
            doubts.Add((
                Invariant($"The model is surer than it may be: {coverage:P0} of held-out values lie in its 90 % intervals, where at least ") +
                    Invariant($"{inputs.Options.LeastCoverage:P0} are expected."),
                "Record more episodes under the same conditions, or add what acts on the plant to the observations."));
        if (Impossible(inputs) is { } impossible) doubts.Add((impossible, "Record more episodes with varied actions near those of the policy."));
        return doubts;
    }

    // Fitted Q evaluation knows no other rewards than those of the log: what goes beyond them by more than its error is made up.
    private static string? Impossible(VerdictInputs inputs)
    {
        var (value, error, log) = (inputs.FittedQ.PolicyMean, inputs.FittedQ.OverLog.HalfWidth, inputs.Log);
        var (least, most) = (Math.Min(0, log.LeastReward) / (1 - log.Discount), Math.Max(0, log.MostReward) / (1 - log.Discount));
        if (!(value - error > most) && !(value + error < least)) return null;
        return Invariant($"Fitted Q evaluation gives the policy {value:g4}. With logged rewards from {log.LeastReward:g4} to {log.MostReward:g4}, ") +
            Invariant($"values lie between {least:g4} and {most:g4}.");
    }

    private static IEnumerable<string> Wanted(VerdictInputs inputs)
    {
        var (fittedQ, model) = (inputs.FittedQ, inputs.Model);
        if (fittedQ.Gain.Value > 0 != model.Gain.Value > 0)
            yield return "The two estimates contradict each other: a few real episodes of the policy would decide (ChooseOnline).";
        else if (!(fittedQ.IsAbove || fittedQ.Gain.IsBelow) || !(model.IsAbove || model.Gain.IsBelow))
            yield return "The gain is smaller than the error of the estimates: more episodes with varied actions, or a few real episodes of the policy, " +
                "would decide.";
    }

    private static string Summary(OfflineVerdict verdict, VerdictInputs inputs, double confidence)
    {
        var model = inputs.Model;
        var gain = $"{Text(model.Gain)} in return against the better one of log ({Text(model.Log)}) and clone ({Text(model.CloneMean)})";
        // No estimate from a log is as sure as its numbers may say.
        var sure = confidence > MostConfidence ? Invariant($"above {MostConfidence:P0}") : Invariant($"of {confidence:P0}");
        // A clone that even one way calls worse than the log is nothing to recommend.
        var isCloneWorse = !double.IsFinite(model.CloneMean) || model.CloneOverLog.IsBelow || inputs.FittedQ.CloneOverLog.IsBelow;
        var keep = isCloneWorse ? "keep the controller." : "keep the controller, or its clone.";
        return verdict switch
        {
            OfflineVerdict.Better => $"The policy is better: {gain}, with a confidence {sure}.",
            OfflineVerdict.Worse => $"The policy is worse: {Text(model.OverLog)} in return against the log ({Text(model.Log)}).",
            OfflineVerdict.WorseThanClone =>
                $"The clone of the log is better: the policy gains {Text(model.OverClone)} in return against it ({Text(model.CloneMean)}), and " +
                $"{Text(model.OverLog)} against the log ({Text(model.Log)}); {keep}",
            _ => "This log does not say whether the policy is better. " +
                (double.IsFinite(model.Gain.Value) ? $"The model promises {gain}; " : "Under it the model leaves the range of numbers; ") + keep,
        };
    }

    private static string Text(EstimatedGain gain) => Invariant($"{gain.Value:g4} ± {gain.HalfWidth:g3}");

    private static string Text(double value) => Invariant($"{value:g4}");

    private static string Reason(ComparedEstimate estimate) =>
        Invariant($"{estimate.Name}: policy {estimate.PolicyMean:g5}, clone {estimate.CloneMean:g5}, log {estimate.Log:g5}; gain ") +
            $"{Text(estimate.OverClone)} on the clone, {Text(estimate.OverLog)} on the log.";

    private static string Proof(ModelCalibration calibration) =>
        Invariant($"Fitted Q evaluation does not say so much. The model decides alone: it foretold the returns of held-out episodes with a correlation of ") +
            Invariant($"{calibration.ReturnCorrelation:F2}.");

    private static string Place(DimensionOutside outside) =>
        Invariant($"{(outside.IsAction ? "action" : "observation")} {outside.Dimension} {(outside.IsAbove ? "above" : "below")} {outside.Bound:g4}");

    private static string Wanted(DimensionOutside outside) =>
        Invariant($"Record rows with {Place(outside)}: the policy goes there in {outside.Share:P0} of its steps, the log in 1 %.");
}
