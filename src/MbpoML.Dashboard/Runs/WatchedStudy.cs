using MbpoML.Dashboard.Files;
using MbpoML.Experiments.Studies;

namespace MbpoML.Dashboard.Runs;

/// <summary>A study that the page shows: its journal is read again where it changed.</summary>
internal sealed class WatchedStudy
{
    private const int MaxJournalBytes = 16 << 20;
    private FileStamp? _stamp;

    public WatchedStudy(FoundFolder folder)
    {
        Folder = folder;
        Summary = StudyReader.Read(folder.Id, folder.Name, null);
        Read();
    }

    /// <summary>Where it is.</summary>
    public FoundFolder Folder { get; }

    /// <summary>What the page tells of it.</summary>
    public StudySummary Summary { get; private set; }

    /// <summary>Reads the journal where it changed; returns whether it did.</summary>
    public bool Read()
    {
        var file = Folder.In(Study.JournalFile);
        var stamp = GuardedFile.Stamp(Folder.Root, file);
        if (stamp == _stamp) return false;
        _stamp = stamp;
        Summary = StudyReader.Read(Folder.Id, Folder.Name, GuardedFile.ReadAll(Folder.Root, file, MaxJournalBytes));
        return true;
    }
}
