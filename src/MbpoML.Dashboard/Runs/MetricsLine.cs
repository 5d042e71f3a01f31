using System.Text;
using System.Text.Json;

namespace MbpoML.Dashboard.Runs;

/// <summary>A line of metrics.jsonl.</summary>
/// <param name="Step">Environment steps so far.</param>
/// <param name="Time">Seconds since 1970; 0 where the line has none.</param>
/// <param name="Values">The finite values by name; what was none is null in the file.</param>
internal readonly record struct MetricsLine(long Step, double Time, IReadOnlyList<KeyValuePair<string, double>> Values)
{
    private const string StepName = "step";
    private const string TimeName = "time";
    private const int LongestName = 200;

    /// <summary>Reads a line; null where it is none of metrics: then the page shows the others.</summary>
    /// <param name="line">UTF-8 without the end of the line.</param>
    /// <param name="table">Knows the names so far: a name that comes with each line is one text, not thousands.</param>
    /// <param name="values">Takes the values, so that lines share one list; what was in it is gone.</param>
    public static MetricsLine? TryRead(ReadOnlySpan<byte> line, MetricsTable table, List<KeyValuePair<string, double>> values)
    {
        values.Clear();
        if (line.StartsWith(Encoding.UTF8.Preamble)) line = line[Encoding.UTF8.Preamble.Length..];
        try
        {
            return Read(new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 1 }), table, values);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static MetricsLine? Read(Utf8JsonReader reader, MetricsTable table, List<KeyValuePair<string, double>> values)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        var (step, time) = (-1L, 0.0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isStep = reader.ValueTextEquals(StepName);
            var isTime = reader.ValueTextEquals(TimeName);
            var name = isStep || isTime ? null : NameOf(reader, table);
            if (!reader.Read()) return null;
            if (reader.TokenType == JsonTokenType.Null) continue;
            if (isStep)
            {
                step = reader.GetInt64();
                continue;
            }

            var value = reader.GetDouble();
            if (!double.IsFinite(value)) continue;
            if (isTime) time = value;
            else if (name is not null) values.Add(new(name, value));
        }

        // What stands behind the object belongs to no line.
        return reader.TokenType == JsonTokenType.EndObject && !reader.Read() && step >= 0 ? new MetricsLine(step, time, values) : null;
    }

    // Null for a name that is too long to be kept. A letter takes one to six bytes of a file.
    private static string? NameOf(scoped Utf8JsonReader reader, MetricsTable table)
    {
        Span<char> letters = stackalloc char[LongestName];
        if (reader.ValueSpan.Length <= letters.Length) return table.NameOf(letters[..reader.CopyString(letters)]);
        return reader.GetString() is { Length: <= LongestName } name ? name : null;
    }
}
