using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MbpoML.Experiments.Execution;

/// <summary>Events as lines of JSON, one a line: what a run tells the process that started it, and what a journal keeps.</summary>
public static class RunEventLine
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The line of an event, without its end.</summary>
    /// <param name="happened">The event to write.</param>
    public static string Write(RunEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return JsonSerializer.Serialize(happened, Json);
    }

    /// <summary>Reads the event of a line.</summary>
    /// <param name="line">A line of text from any source, an event or not.</param>
    /// <param name="happened">The event; null where the line is none.</param>
    /// <returns>Whether the line is an event.</returns>
    public static bool TryRead(string line, [NotNullWhen(true)] out RunEvent? happened)
    {
        ArgumentNullException.ThrowIfNull(line);
        try
        {
            happened = JsonSerializer.Deserialize<RunEvent>(line, Json);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            happened = null;
        }

        return happened is not null;
    }
}
