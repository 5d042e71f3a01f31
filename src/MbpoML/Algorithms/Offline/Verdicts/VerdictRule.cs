namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>
/// Makes a verdict of estimates: it is better or worse only where every way to estimate says so by more than its own error. A model that foretold the returns
/// of held-out episodes one by one may decide where fitted Q evaluation is too coarse to say anything.
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
        double[] ofPolicy = [.. policy.Select(estimator => estimator.Average())], ofClone = [.. clone.Select(estimator => estimator.Average())];
        double[] differences = [.. ofPolicy.Zip(ofClone, (one, other) => one - other)];
        double[] byStart = [.. log.Select((_, start) => policy.Average(estimator => estimator[start]) - clone.Average(estimator => estimator[start]))];
        var gain = Math.Min(differences.Average(), ofPolicy.Average() - log.Average());
        var half = Statistics.Together(Spread * Statistics.Deviation(differences), Statistics.Mean(byStart).HalfWidth, wrong);
        return new ComparedEstimate(name, ofPolicy, ofClone, log.Average(), gain, double.IsFinite(gain) ? half : double.PositiveInfinity);
    }

    /// <summary>Decides.</summary>
    /// <param name="inputs">What it is decided from.</param>
    public static JudgeReport Decide(VerdictInputs inputs)
    {
        var (fittedQ, model) = (inputs.FittedQ, inputs.Model);
        var isProven = inputs.Calibration.ReturnCorrelation >= inputs.Options.ProvenCorrelation;
        var decidesAlone = isProven && !IsAbove(fittedQ) && !IsBelow(fittedQ);
        var (isBetter, isWorse) = (IsAbove(model) && (IsAbove(fittedQ) || decidesAlone), IsBelow(model) && (IsBelow(fittedQ) || decidesAlone));
        // Far from the log nobody is said to be better; who is worse on all counts need not be near it.
        var doubts = Doubts(inputs, asksDistance: !isWorse);
        var verdict = doubts.Count > 0 ? OfflineVerdict.NotDecidable
            : isBetter ? OfflineVerdict.Better : isWorse ? OfflineVerdict.Worse : OfflineVerdict.NotDecidable;
        var confidence = decidesAlone ? model.Confidence : Math.Min(fittedQ.Confidence, model.Confidence);
        var alone = decidesAlone && (isBetter || isWorse);
        return new JudgeReport
        {
            Verdict = verdict,
            Summary = Summary(verdict, inputs, confidence),
            Reasons = [Reason(fittedQ), Reason(model), .. alone ? (string[])[Proof(inputs.Calibration)] : [], .. doubts.Select(doubt => doubt.Reason)],
            DataWanted = verdict != OfflineVerdict.NotDecidable ? [] : [.. doubts.Select(doubt => doubt.Wanted).Distinct(), .. Wanted(inputs)],
            Confidence = confidence,
            FittedQ = fittedQ,
            Model = model,
            Distance = inputs.Distance,
            Calibration = inputs.Calibration,
            Log = inputs.Log,
        };
    }

    private static bool IsAbove(ComparedEstimate estimate) => estimate.Gain - estimate.HalfWidth > 0;

    private static bool IsBelow(ComparedEstimate estimate) => estimate.Gain + estimate.HalfWidth < 0;

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
        return doubts;
    }

    private static IEnumerable<string> Wanted(VerdictInputs inputs)
    {
        var (fittedQ, model) = (inputs.FittedQ, inputs.Model);
        if (fittedQ.Gain > 0 != model.Gain > 0)
            yield return "The two estimates contradict each other: a few real episodes of the policy would decide (ChooseOnline).";
        else if (!IsAbove(fittedQ) && !IsBelow(fittedQ) || !IsAbove(model) && !IsBelow(model))
            yield return "The gain is smaller than the error of the estimates: more episodes with varied actions, or a few real episodes of the policy, " +
                "would decide.";
    }

    private static string Summary(OfflineVerdict verdict, VerdictInputs inputs, double confidence)
    {
        var model = inputs.Model;
        var gain = Invariant($"{model.Gain:g4} ± {model.HalfWidth:g3} in return against the better one of log ({model.Log:g4}) and clone ") +
            Invariant($"({model.CloneMean:g4})");
        // No estimate from a log is as sure as its numbers may say.
        var sure = confidence > MostConfidence ? Invariant($"above {MostConfidence:P0}") : Invariant($"of {confidence:P0}");
        return verdict switch
        {
            OfflineVerdict.Better => $"The policy is better: {gain}, with a confidence {sure}.",
            OfflineVerdict.Worse => $"The policy is worse: {gain}.",
            _ => "This log does not say whether the policy is better. " +
                (double.IsFinite(model.Gain) ? $"The model promises {gain}; " : "Under it the model leaves the range of numbers; ") +
                "keep the controller, or its clone.",
        };
    }

    private static string Reason(ComparedEstimate estimate) =>
        Invariant($"{estimate.Name}: policy {estimate.PolicyMean:g5}, clone {estimate.CloneMean:g5}, log {estimate.Log:g5}; gain {estimate.Gain:g4} ± ") +
            Invariant($"{estimate.HalfWidth:g3}.");

    private static string Proof(ModelCalibration calibration) =>
        Invariant($"Fitted Q evaluation does not say. The model decides alone: it foretold the returns of held-out episodes with a correlation of ") +
            Invariant($"{calibration.ReturnCorrelation:F2}.");

    private static string Place(DimensionOutside outside) =>
        Invariant($"{(outside.IsAction ? "action" : "observation")} {outside.Dimension} {(outside.IsAbove ? "above" : "below")} {outside.Bound:g4}");

    private static string Wanted(DimensionOutside outside) =>
        Invariant($"Record rows with {Place(outside)}: the policy goes there in {outside.Share:P0} of its steps, the log in 1 %.");
}
