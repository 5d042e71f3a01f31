using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Experiments;

/// <summary>The form of the JSON files of a run: for people, too.</summary>
internal static class JsonFile
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // These files are read by programs that read JSON, never pasted into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes a file, whole or not at all.</summary>
    public static void Write<T>(string path, T content) => AtomicFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, content, Options);
        stream.WriteByte((byte)'\n');
    });
}
