using System.Net;
using System.Text;
using MbpoML.Algorithms.Offline.Verdicts;

namespace MbpoML.Experiments.Reports.Verdicts;

/// <summary>Writes what a log says of a policy on one page, in Markdown and HTML, with pictures, for an engineer to hand on.</summary>
public static class VerdictReport
{
    private const string Style =
        "body{font:15px/1.5 sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#222}table{border-collapse:collapse}" +
        "td,th{border:1px solid #ccc;padding:.3em .7em;text-align:right}td:first-child,th:first-child{text-align:left}" +
        ".verdict{font-size:1.3em;border-left:6px solid;padding:.4em .8em;background:#f5f5f5}.Better{border-color:#2b7a2b}" +
        ".Worse,.WorseThanClone{border-color:#a82525}.NotDecidable{border-color:#8a6d00}figure{display:inline-block;margin:.5em}";

    /// <summary>Writes report.md, report.html and the pictures; files of these names are replaced.</summary>
    /// <param name="report">The verdict and the numbers behind it.</param>
    /// <param name="folder">The path of the folder; it is made where it is missing.</param>
    /// <param name="title">What was judged, as in "policy.zip by plant.csv".</param>
    /// <exception cref="ArgumentException">The folder has no name.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(JudgeReport report, string folder, string title)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(title);
        Directory.CreateDirectory(folder);
        var pictures = VerdictPictures.Of(report);
        foreach (var (file, _, svg) in pictures) File.WriteAllText(Path.Combine(folder, file), svg);
        File.WriteAllText(Path.Combine(folder, "report.md"), Markdown(report, title, pictures));
        File.WriteAllText(Path.Combine(folder, "report.html"), Html(report, title, pictures));
    }

    /// <summary>The words that reports use for a verdict.</summary>
    /// <param name="verdict">The verdict to name, one of the enumeration's.</param>
    public static string NameOf(OfflineVerdict verdict) => verdict switch
    {
        OfflineVerdict.Better => "better than the log",
        OfflineVerdict.Worse => "worse than the log",
        OfflineVerdict.WorseThanClone => "worse than the clone of the log",
        _ => "not decidable from this log",
    };

    private static string Markdown(JudgeReport report, string title, IReadOnlyList<(string File, string Title, string Svg)> pictures)
    {
        var text = new StringBuilder();
        text.Append("# ").Append(MarkdownText.Plain(title)).Append("\n\n**").Append(Capital(NameOf(report.Verdict))).Append(".** ").Append(report.Summary);
        AddList(text, "Why", report.Reasons);
        AddList(text, "What would decide", report.DataWanted);
        text.Append("\n\n## The numbers\n");
        foreach (var row in Table(report))
        {
            text.Append("\n| ").AppendJoin(" | ", row.Select(MarkdownText.Cell)).Append(" |");
            if (row[0].Length == 0) text.Append("\n|---|---|---|---|---|---|");
        }

        text.Append("\n\n").AppendJoin("\n\n", Facts(report));
        foreach (var (file, name, _) in pictures) text.Append("\n\n").Append(MarkdownText.Picture(name, file)).Append("\n\n").Append(name).Append('.');
        return text.Append("\n\n").Append(Caution).Append('\n').ToString();
    }

    private static string Html(JudgeReport report, string title, IReadOnlyList<(string File, string Title, string Svg)> pictures)
    {
        var text = new StringBuilder();
        text.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(Encoded(title)).Append("</title><style>").Append(Style)
            .Append("</style></head><body><h1>").Append(Encoded(title)).Append("</h1><p class=\"verdict ").Append(report.Verdict).Append("\"><strong>")
            .Append(Capital(NameOf(report.Verdict))).Append(".</strong> ").Append(Encoded(report.Summary)).Append("</p>");
        AddHtmlList(text, "Why", report.Reasons);
        AddHtmlList(text, "What would decide", report.DataWanted);
        text.Append("<h2>The numbers</h2><table>");
        foreach (var row in Table(report))
        {
            var cell = row[0].Length == 0 ? "th" : "td";
            text.Append("<tr>");
            foreach (var value in row) text.Append('<').Append(cell).Append('>').Append(Encoded(value)).Append("</").Append(cell).Append('>');
            text.Append("</tr>");
        }

        text.Append("</table>");
        foreach (var fact in Facts(report)) text.Append("<p>").Append(Encoded(fact)).Append("</p>");
        foreach (var (_, name, svg) in pictures)
            text.Append("<figure>").Append(svg).Append("<figcaption>").Append(Encoded(name)).Append("</figcaption></figure>");
        return text.Append("<p>").Append(Encoded(Caution)).Append("</p></body></html>\n").ToString();
    }

    private const string Caution =
        "No estimate from a log is a measurement. On published logs such estimates often rank policies no better than chance, so that only what all of them " +
        "say, beyond their errors and near the data, counts here. Try a policy on the plant with its limits and alarms in place.";

    private static IEnumerable<string[]> Table(JudgeReport report) =>
    [
        ["", "policy", "clone of the log", "log", "gain on the clone", "gain on the log"],
        Row("Fitted Q evaluation, discounted value", report.FittedQ),
        Row(Invariant($"Model, return over {report.Log.Horizon} steps"), report.Model),
        ["Steps beyond the log", Invariant($"{report.Distance.PolicyOutside:P1}"), Invariant($"{report.Distance.CloneOutside:P1}"), "1.0 %", "", ""],
    ];

    private static string[] Row(string name, ComparedEstimate estimate) =>
    [
        name, Spread(estimate.Policy), Spread(estimate.Cloned), Invariant($"{estimate.Log:g5}"), Text(estimate.OverClone), Text(estimate.OverLog),
    ];

    private static string Text(EstimatedGain gain) => Invariant($"{gain.Value:g4} ± {gain.HalfWidth:g3}");

    private static string Spread(IReadOnlyList<double> values) => Invariant($"{values.Average():g5} ({values.Min():g5} to {values.Max():g5})");

    private static IEnumerable<string> Facts(JudgeReport report)
    {
        var (log, calibration) = (report.Log, report.Calibration);
        yield return Invariant($"The log has {log.Rows:N0} transitions in {log.Episodes:N0} episodes; estimates begin at {log.Starts} logged states, with ") +
            Invariant($"γ {log.Discount}. The clone misses held-out actions by a mean square of {log.CloneError:g3}, where the bounds are -1 and 1.");
        yield return Invariant($"On {calibration.Rows:N0} held-out transitions {calibration.Coverage90:P0} of the values lie in the model's 90 % intervals. ") +
            Invariant($"Replayed over {calibration.Windows} windows it misses returns by {calibration.ReturnBias:g3} ± ") +
            Invariant($"{calibration.ReturnBiasHalfWidth:g3}, with a correlation of {calibration.ReturnCorrelation:F2}. ") +
            $"Imagined steps {(calibration.DrawsNoise ? "draw the noise of a member" : "take the mean of a member")}, which foretells these returns better.";
        foreach (var outside in report.Distance.Dimensions.Take(3))
            yield return Invariant($"The policy takes {(outside.IsAction ? "action" : "observation")} {outside.Dimension} ") +
                Invariant($"{(outside.IsAbove ? "above" : "below")} {outside.Bound:g4} in {outside.Share:P0} of its steps, the log in 1 %.");
    }

    private static void AddList(StringBuilder text, string title, IReadOnlyList<string> items)
    {
        if (items.Count == 0) return;
        text.Append("\n\n## ").Append(title).Append('\n');
        foreach (var item in items) text.Append("\n- ").Append(item);
    }

    private static void AddHtmlList(StringBuilder text, string title, IReadOnlyList<string> items)
    {
        if (items.Count == 0) return;
        text.Append("<h2>").Append(title).Append("</h2><ul>");
        foreach (var item in items) text.Append("<li>").Append(Encoded(item)).Append("</li>");
        text.Append("</ul>");
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
