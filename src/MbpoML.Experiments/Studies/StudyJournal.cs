using System.Text;
using System.Text.Json;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Experiments.Studies;

/// <summary>The journal of a study, a JSON object a line: what is in it has happened, and a study that is opened again goes on behind its last line.</summary>
/// <param name="path">The file.</param>
internal sealed class StudyJournal(string path)
{
    private static readonly JsonSerializerOptions Form = new(JsonFile.Options) { WriteIndented = false };

    /// <summary>Reads all events. A last line without its end was being written when the machine stopped: it has not happened.</summary>
    /// <exception cref="RunDataException">Another line cannot be read.</exception>
    public IReadOnlyList<StudyEvent> Read()
    {
        var events = new List<StudyEvent>();
        var text = Encoding.UTF8.GetString(Whole(File.ReadAllBytes(path)));
        foreach (var (line, number) in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, index) => (line, index + 1)))
        {
            try
            {
                events.Add(JsonSerializer.Deserialize<StudyEvent>(line, Form) ?? throw new JsonException("it is null"));
            }
            catch (Exception exception) when (exception is JsonException or NotSupportedException)
            {
                throw new RunDataException(Invariant($"Line {number} of '{path}' cannot be read: {exception.Message} Put back a whole copy of the file."));
            }
        }

        return events;
    }

    /// <summary>An event as the journal writes it.</summary>
    public static string TextOf(StudyEvent happened) => JsonSerializer.Serialize(happened, Form);

    /// <summary>Begins the file with an event: it is there as a whole or not at all.</summary>
    public void Begin(StudyEvent happened) => AtomicFile.Write(path, file => file.Write(LineOf(happened)));

    /// <summary>Adds an event; when the call returns it is on the disk.</summary>
    public void Add(StudyEvent happened)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        CutUnfinished(file);
        file.Write(LineOf(happened));
        file.Flush(flushToDisk: true);
    }

    private static byte[] LineOf(StudyEvent happened) => Encoding.UTF8.GetBytes(TextOf(happened) + '\n');

    private static ReadOnlySpan<byte> Whole(byte[] content) => content.AsSpan(0, content.AsSpan().LastIndexOf((byte)'\n') + 1);

    // To behind the last line that has its end.
    private static void CutUnfinished(FileStream file)
    {
        var content = new byte[file.Length];
        file.ReadExactly(content);
        var whole = Whole(content).Length;
        if (whole < content.Length) file.SetLength(whole);
        file.Position = whole;
    }
}
