using System.Text;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Experiments.Studies;

/// <summary>A journal in a file.</summary>
/// <param name="path">The file.</param>
internal sealed class StudyJournalFile(string path) : StudyJournal(path)
{
    /// <summary>A last line without its end was being written when the machine stopped: it has not happened.</summary>
    /// <inheritdoc/>
    public override IReadOnlyList<string> Lines() =>
        Encoding.UTF8.GetString(Whole(File.ReadAllBytes(Name))).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Begins the file with an event: it is there as a whole or not at all.</summary>
    public void Begin(StudyEvent happened) => AtomicFile.Write(Name, file => file.Write(BytesOf(TextOf(happened))));

    /// <inheritdoc/>
    protected override void Add(string line)
    {
        using var file = new FileStream(Name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        CutUnfinished(file);
        file.Write(BytesOf(line));
        file.Flush(flushToDisk: true);
    }

    private static byte[] BytesOf(string line) => Encoding.UTF8.GetBytes(line + '\n');

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
