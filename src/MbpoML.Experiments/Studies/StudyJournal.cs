using System.Text.Json;

namespace MbpoML.Experiments.Studies;

/// <summary>The journal of a study, a JSON object a line: what is in it has happened, and a study that is opened again goes on behind its last line.</summary>
/// <param name="name">What messages call it: its file, where it has one.</param>
internal abstract class StudyJournal(string name)
{
    private static readonly JsonSerializerOptions Form = new(JsonFile.Options) { WriteIndented = false };

    /// <summary>What messages call it.</summary>
    public string Name => name;

    /// <summary>An event as the journal writes it.</summary>
    public static string TextOf(StudyEvent happened) => JsonSerializer.Serialize(happened, Form);

    /// <summary>The lines so far, without their ends.</summary>
    public abstract IReadOnlyList<string> Lines();

    /// <summary>Adds a line; when the call returns it is kept.</summary>
    protected abstract void Add(string line);

    /// <summary>Reads all events.</summary>
    /// <exception cref="RunDataException">A line cannot be read.</exception>
    public IReadOnlyList<StudyEvent> Read() => [.. Lines().Select((line, index) => Parse(line, index + 1))];

    /// <summary>Adds an event.</summary>
    public void Add(StudyEvent happened) => Add(TextOf(happened));

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <exception cref="RunDataException">It is no event.</exception>
    public StudyEvent Parse(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<StudyEvent>(line, Form) ?? throw new JsonException("it is null");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new RunDataException(Invariant($"Line {number} of '{name}' cannot be read: {exception.Message} Put back a whole copy of the file."));
        }
    }
}
