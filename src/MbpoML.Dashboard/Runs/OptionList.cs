using System.Text.Json;

namespace MbpoML.Dashboard.Runs;

/// <summary>The options of a run by their paths, as in "Policy.LearningRate", read from an options.json of any task and algorithm, whoever wrote it.</summary>
internal static class OptionList
{
    private const int MostOptions = 2000;
    private const int LongestText = 300;
    private static readonly JsonDocumentOptions _form = new() { MaxDepth = 16 };

    /// <summary>The options; empty where the file cannot be read.</summary>
    /// <param name="content">The file, of a size that is allowed.</param>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> content)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var file = JsonDocument.Parse(content, _form);
            if (file.RootElement.ValueKind == JsonValueKind.Object) Add(file.RootElement, "", options);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Half of the options would be worse than none: two runs would seem to differ.
            options.Clear();
        }

        return options;
    }

    private static void Add(JsonElement group, string path, Dictionary<string, string> options)
    {
        foreach (var property in group.EnumerateObject())
        {
            var name = Cut(path.Length == 0 ? property.Name : $"{path}.{property.Name}");
            if (property.Value.ValueKind == JsonValueKind.Object) Add(property.Value, name, options);
            else if (options.Count < MostOptions) options[name] = Cut(Text(property.Value));
        }
    }

    // Lists stand on several lines in the file.
    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Take(LongestText).Select(item => item.GetRawText()))}]",
        _ => value.GetRawText(),
    };

    private static string Cut(string text) => text.Length > LongestText ? $"{text[..LongestText]}…" : text;
}
