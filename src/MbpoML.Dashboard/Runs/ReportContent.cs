using System.Text.Json;

namespace MbpoML.Dashboard.Runs;

/// <summary>What a report.json says, as far as it can be read; <see cref="MbpoML.Experiments.RunReport"/> is what runs write there.</summary>
/// <param name="Status">How the run stands; "unknown" where no report can be read.</param>
/// <param name="Seconds">Seconds of training; 0 where they are not told.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Started">When it was started first, in seconds since 1970.</param>
/// <param name="Machine">What it runs on.</param>
internal sealed record ReportContent(string Status, double Seconds, string? Failure, double? Started, string? Machine)
{
    private const int LongestText = 2000;
    private static readonly string[] _states = ["running", "finished", "interrupted", "failed"];
    private static readonly string[] _machineParts = ["processor", "cores", "system", "torch"];
    private static readonly JsonDocumentOptions _form = new() { MaxDepth = 16 };

    /// <summary>A run without a report.</summary>
    public static ReportContent None { get; } = new("unknown", 0, null, null, null);

    /// <summary>Reads a report; <see cref="None"/> where it cannot be read.</summary>
    /// <param name="content">The file, of a size that is allowed.</param>
    public static ReportContent Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var file = JsonDocument.Parse(content, _form);
            var report = file.RootElement;
            var status = Text(report, "status");
            var sessions = report.TryGetProperty("sessions", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToArray() : [];
            return new ReportContent(
                status is not null && _states.Contains(status) ? status : "unknown",
                report.TryGetProperty("wallClockSeconds", out var seconds) && seconds.ValueKind == JsonValueKind.Number ? seconds.GetDouble() : 0,
                Text(report, "failure"),
                sessions.Length > 0 && sessions[0].TryGetProperty("started", out var started) && started.TryGetDateTimeOffset(out var time)
                    ? time.ToUnixTimeMilliseconds() / 1000.0 : null,
                sessions.Length > 0 && sessions[^1].TryGetProperty("machine", out var machine) ? MachineOf(machine) : null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return None;
        }
    }

    private static string? MachineOf(JsonElement machine)
    {
        var parts = _machineParts.Select(name => (name, text: Text(machine, name))).Where(part => part.text is not null)
            .Select(part => part.name != "cores" ? part.text! : part.text == "1" ? "1 core" : $"{part.text} cores");
        return string.Join(", ", parts) is { Length: > 0 } all ? all : null;
    }

    private static string? Text(JsonElement group, string name) => !group.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => Cut(value.GetString()!),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private static string Cut(string text) => text.Length > LongestText ? $"{text[..LongestText]}…" : text;
}
