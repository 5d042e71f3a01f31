using MbpoML.Algorithms.Offline.Verdicts;

namespace MbpoML.Experiments.Reports.Verdicts;

/// <summary>The pictures of a verdict.</summary>
internal static class VerdictPictures
{
    private const string Policy = "#1f5fa8", Clone = "#c05a12", Log = "#555555";

    /// <summary>The pictures by the names of their files.</summary>
    /// <param name="report">What is drawn.</param>
    public static IReadOnlyList<(string File, string Title, string Svg)> Of(JudgeReport report) =>
    [
        ("fitted-q.svg", "Fitted Q evaluation: one dot a seed", Estimates(report.FittedQ, "discounted value from the starts on")),
        ("model.svg", "Members of the model: one dot each", Estimates(report.Model, Invariant($"return over {report.Log.Horizon} steps"))),
        ("foretelling.svg", "What the model foretells of held-out episodes", Foretelling(report.Calibration)),
        ("distance.svg", "How far the policy goes from the log", Distance(report.Distance)),
    ];

    private static string Estimates(ComparedEstimate estimate, string label)
    {
        var finite = estimate.Policy.Concat(estimate.Cloned).Append(estimate.Log).Where(double.IsFinite).ToArray();
        var picture = new SvgPicture(estimate.Name, 170, (finite.Min(), finite.Max()), (0.4, 3.6), label);
        foreach (var (row, name, values, color) in ((double, string, IReadOnlyList<double>, string)[])[
            (3, "policy", estimate.Policy, Policy), (2, "clone", estimate.Cloned, Clone), (1, "log", [estimate.Log], Log)])
        {
            picture.Row(row, name);
            foreach (var value in values.Where(double.IsFinite)) picture.Dot(value, row, color);
        }

        return picture.Finish();
    }

    private static string Foretelling(ModelCalibration calibration)
    {
        var (errors, unchanged) = (calibration.ErrorBySteps, calibration.UnchangedBySteps);
        var most = errors.Concat(unchanged).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var picture = new SvgPicture("Error of the model by steps", 240, (1, errors.Count), (0, most), "steps ahead");
        Scale(picture, most);
        picture.Row(most / 2, "error, deviations");
        picture.Line(unchanged.Select((error, step) => (step + 1.0, error)), Log, isDashed: true);
        picture.Line(errors.Select((error, step) => (step + 1.0, error)), Policy);
        // A model that leaves the range of numbers has a line as far as it goes, or none.
        NoteAtEnd(picture, errors, "model", Policy);
        NoteAtEnd(picture, unchanged, "nothing changes", Log);
        return picture.Finish();
    }

    private static void NoteAtEnd(SvgPicture picture, IReadOnlyList<double> values, string text, string color)
    {
        var last = values.Count - 1;
        while (last >= 0 && !double.IsFinite(values[last])) last--;
        if (last >= 0) picture.Note(last + 1, values[last], text, color);
    }

    private static string Distance(DataDistance distance)
    {
        var most = distance.PolicyQuantiles.Concat(distance.HeldOutQuantiles).Append(distance.Threshold).Where(double.IsFinite).Max();
        var picture = new SvgPicture("Distance from the log", 240, (0, most), (0, 1), "distance to the nearest logged state and action, deviations");
        Scale(picture, 1);
        picture.Row(0.5, "share of steps");
        picture.Line([(distance.Threshold, 0), (distance.Threshold, 1)], Log, isDashed: true);
        picture.Line(Deciles(distance.HeldOutQuantiles), Clone);
        picture.Line(Deciles(distance.PolicyQuantiles), Policy);
        picture.Note(most, 0.1, "policy", Policy);
        picture.Note(most, 0.2, "held-out rows of the log", Clone);
        picture.Note(most, 0.3, "accepted up to here", Log);
        return picture.Finish();
    }

    private static IEnumerable<(double X, double Y)> Deciles(IReadOnlyList<double> quantiles) =>
        quantiles.Select((value, index) => (value, (double)index / Math.Max(1, quantiles.Count - 1)));

    private static void Scale(SvgPicture picture, double most)
    {
        picture.YTick(0);
        picture.YTick(most);
    }
}
