namespace MbpoML.Fuzzing;

/// <summary>A folder in a folder in a folder, so that a file that escapes from the innermost one is found in those around it.</summary>
public sealed class Sandbox : IDisposable
{
    private const string Guarded = "must stay as it is";

    private readonly string _root = Directory.CreateTempSubdirectory("mbpoml-fuzz-").FullName;
    private readonly string _guard;

    /// <summary>Makes the folders, and a file beside the innermost one that nobody may change.</summary>
    public Sandbox()
    {
        Folder = Directory.CreateDirectory(Path.Combine(_root, "around", "inside")).FullName;
        _guard = Path.Combine(_root, "around", "guard.txt");
        File.WriteAllText(_guard, Guarded);
    }

    /// <summary>The innermost folder.</summary>
    public string Folder { get; }

    /// <summary>The file that is read.</summary>
    public string Input => Path.Combine(Folder, "input");

    /// <summary>What is there that should not be, or is not what it was.</summary>
    public IEnumerable<string> Changes()
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(_root, "*", SearchOption.AllDirectories))
            if (path != Path.GetDirectoryName(_guard) && path != _guard && path != Folder && path != Input) yield return $"'{path}' was made";
        if (!File.Exists(_guard) || File.ReadAllText(_guard) != Guarded) yield return $"'{_guard}' was changed";
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);
}
