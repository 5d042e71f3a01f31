using System.Text.Json;

namespace MbpoML.Training.Metrics;

/// <summary>Reads what <see cref="JsonLinesMetricsWriter"/> wrote.</summary>
public static class MetricsFile
{
    /// <summary>All records of a file in ascending order of steps, one record a step.</summary>
    /// <remarks>
    /// Lines of the same step are merged. Where the steps go back, a run was resumed from an earlier checkpoint: what it had written beyond is dropped, for the
    /// lines that follow say it again. An unfinished last line (the run is still writing) is left out.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">A line is not such an object; the message gives its number.</exception>
    public static IReadOnlyList<MetricsRecord> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n');

        var records = new List<MetricsRecord>();
        for (var index = 0; index < lines.Length; index++)
            if (lines[index].Trim().Length > 0) Append(records, Parse(lines[index], path, index + 1));
        return records;
    }

    private static void Append(List<MetricsRecord> records, MetricsRecord next)
    {
        while (records.Count > 0 && records[^1].Step > next.Step) records.RemoveAt(records.Count - 1);
        if (records.Count == 0 || records[^1].Step < next.Step)
        {
            records.Add(next);
            return;
        }

        var merged = new Dictionary<string, double>(records[^1].Metrics);
        foreach (var (name, value) in next.Metrics) merged[name] = value;
        records[^1] = next with { Metrics = merged };
    }

    private static MetricsRecord Parse(string line, string path, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var metrics = new Dictionary<string, double>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name is JsonLinesMetricsWriter.StepName or JsonLinesMetricsWriter.TimeName) continue;
                metrics.Add(property.Name, property.Value.ValueKind == JsonValueKind.Null ? double.NaN : property.Value.GetDouble());
            }

            return new MetricsRecord(document.RootElement.GetProperty(JsonLinesMetricsWriter.StepName).GetInt64(), metrics);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new FormatException(
                $"Line {number} of {path} is not a line of metrics, which looks like {{\"step\":250,\"time\":1767225600.5,\"evaluation/return-mean\":-142.3}}: {exception.Message}",
                exception);
        }
    }
}
