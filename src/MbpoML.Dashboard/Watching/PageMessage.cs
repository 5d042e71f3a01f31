using System.Text.Json;

namespace MbpoML.Dashboard.Watching;

/// <summary>
/// The form of what the page gets: JSON whose characters '&lt;', '&gt;' and '&amp;' are written as escapes, so that it may stand inside a page, too.
/// </summary>
internal static class PageMessage
{
    /// <summary>Camel-case names and no text that HTML could take for its own.</summary>
    public static JsonSerializerOptions Form { get; } = new(JsonSerializerDefaults.Web) { Converters = { new ShortNumber() } };

    /// <summary>A message of the stream of events.</summary>
    /// <param name="kind">Its name.</param>
    /// <param name="content">Its content; as JSON it has no line breaks.</param>
    public static byte[] Of<T>(string kind, T content) =>
        [.. "event: "u8, .. System.Text.Encoding.UTF8.GetBytes(kind), .. "\ndata: "u8, .. JsonSerializer.SerializeToUtf8Bytes(content, Form), .. "\n\n"u8];
}
