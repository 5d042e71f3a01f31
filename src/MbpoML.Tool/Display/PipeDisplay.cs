using System.Text.Json;
using System.Text.Json.Serialization;
using MbpoML.Training;

namespace MbpoML.Tool.Display;

/// <summary>A line of JSON for each event: what a run tells the process that started it.</summary>
internal sealed class PipeDisplay(TextWriter output) : IRunDisplay
{
    /// <summary>The line by which a process asks the one that started it for the lock of its run.</summary>
    public const string Ready = "ready";

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Report(string run, TrainingProgress progress) => Write(new Message(progress, null, null));

    public void Say(string run, string sentence) => Write(new Message(null, sentence, null));

    public void Warn(string run, string sentence) => Write(new Message(null, null, sentence));

    /// <summary>Hands a line that another process wrote on to a display.</summary>
    public static void Relay(string run, string line, IRunDisplay display)
    {
        var message = Parse(line);
        if (message?.Progress is { } progress) display.Report(run, progress);
        else if (message?.Said is { } said) display.Say(run, said);
        else display.Warn(run, message?.Warned ?? line);
    }

    private static Message? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Message>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(Message message)
    {
        output.WriteLine(JsonSerializer.Serialize(message, Json));
        output.Flush();
    }

    private sealed record Message(TrainingProgress? Progress, string? Said, string? Warned);
}
