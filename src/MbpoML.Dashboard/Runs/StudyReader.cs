using System.Text.Json;
using MbpoML.Experiments;
using MbpoML.Experiments.Studies;

namespace MbpoML.Dashboard.Runs;

/// <summary>
/// Reads the journal of a study that may be under way, damaged or a stranger's. <see cref="Study"/> itself refuses such a journal, and needs the task to
/// open one; a page shows what can be read.
/// </summary>
internal sealed class StudyReader
{
    private const int MostTrials = 5000;
    private const int MostParameters = 30;
    private const int LongestText = 300;
    private static readonly JsonDocumentOptions _form = new() { MaxDepth = 16 };

    private readonly List<TrialSummary> _trials = [];
    private readonly List<ParameterSummary> _parameters = [];
    private string _task = "unknown task", _algorithm = "mbpo", _sampler = "";
    private int _planned, _rungs = 1, _broken;
    private WinnerSummary? _winner;

    /// <summary>Reads a journal.</summary>
    /// <param name="id">What the page calls the study by.</param>
    /// <param name="name">Its folder.</param>
    /// <param name="content">The file, of a size that is allowed; null where it could not be read.</param>
    public static StudySummary Read(string id, string name, byte[]? content)
    {
        var reader = new StudyReader();
        foreach (var line in Lines(content ?? [])) reader.TryApply(line);
        List<string> notes = [];
        if (content is null) notes.Add("Its journal cannot be read, or is too long.");
        if (reader._broken > 0) notes.Add(Invariant($"{reader._broken} lines of its journal cannot be read and were left out."));
        return new StudySummary(
            id, name, reader._task, reader._algorithm, reader._sampler, reader._planned, reader._rungs, reader._parameters, reader._trials, reader._winner,
            notes);
    }

    // A last line without its end has not happened.
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(byte[] content)
    {
        for (int start = 0, end; (end = Array.IndexOf(content, (byte)'\n', start)) >= 0; start = end + 1)
            if (end > start) yield return content.AsMemory(start, end - start);
    }

    private void TryApply(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, _form);
            if (!Apply(document.RootElement)) _broken++;
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or RunSpecException)
        {
            _broken++;
        }
    }

    private bool Apply(JsonElement happened)
    {
        switch (happened.GetProperty("event").GetString())
        {
            case "begun":
                return Begin(happened.GetProperty("plan"));
            case "proposed":
                return Propose(happened);
            case "reached":
                return Change(happened, trial => trial with { Returns = [.. trial.Returns, Finite(happened.GetProperty("value"))] });
            case "closed":
                return Change(happened, trial => trial with { Status = Text(happened, "status") ?? trial.Status, Failure = Text(happened, "failure") });
            case "winner":
                _winner = new WinnerSummary(happened.GetProperty("trial").GetInt32(), []);
                return true;
            case "winner-failed":
                _winner = null;
                return Change(happened, trial => trial with { Status = "failed", Failure = Text(happened, "failure") });
            case "ended" when _winner is not null:
                _winner = _winner with { Returns = Numbers(happened.GetProperty("returns")) };
                return true;
            default:
                return false;
        }
    }

    private bool Begin(JsonElement plan)
    {
        (_task, _algorithm) = (Text(plan, "task") ?? Text(plan, "environment") ?? _task, Text(plan, "algorithm") ?? _algorithm);
        (_sampler, _planned, _rungs) = (Text(plan, "sampler") ?? "", plan.GetProperty("trials").GetInt32(), plan.GetProperty("rungs").GetInt32());
        foreach (var text in plan.GetProperty("space").EnumerateArray().Take(MostParameters))
        {
            var parameter = StudyParameter.Parse(text.GetString() ?? "");
            _parameters.Add(new ParameterSummary(
                Cut(parameter.Path), parameter.Low, parameter.High, parameter.IsLogarithmic, [.. parameter.Choices.Take(LongestText).Select(Cut)]));
        }

        return true;
    }

    private bool Propose(JsonElement happened)
    {
        if (_trials.Count == MostTrials || happened.GetProperty("trial").GetInt32() != _trials.Count) return false;
        var place = Numbers(happened.GetProperty("place"));
        if (place.Count != _parameters.Count || place.Any(at => at is < 0 or > 1)) return false;
        string[] values = [.. happened.GetProperty("assignments").EnumerateArray().Select(text => Cut(ValueOf(text.GetString() ?? "")))];
        if (values.Length != _parameters.Count) return false;
        _trials.Add(new TrialSummary(_trials.Count, "open", place, values, [], null));
        return true;
    }

    private bool Change(JsonElement happened, Func<TrialSummary, TrialSummary> change)
    {
        var number = happened.GetProperty("trial").GetInt32();
        if (number < 0 || number >= _trials.Count) return false;
        _trials[number] = change(_trials[number]);
        return true;
    }

    private static IReadOnlyList<double> Numbers(JsonElement list) => [.. list.EnumerateArray().Take(MostParameters).Select(Finite)];

    private static double Finite(JsonElement value) =>
        value.GetDouble() is var number && double.IsFinite(number) ? number : throw new FormatException("No number.");

    private static string ValueOf(string assignment) => assignment[(assignment.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static string? Text(JsonElement group, string name) =>
        group.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Cut(value.GetString()!) : null;

    private static string Cut(string text) => text.Length > LongestText ? $"{text[..LongestText]}…" : text;
}
