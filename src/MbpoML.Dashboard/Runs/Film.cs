using MbpoML.Dashboard.Files;

namespace MbpoML.Dashboard.Runs;

/// <summary>A film or picture in the folder of a run, or in its folder "films".</summary>
/// <param name="Relative">The file below the root.</param>
/// <param name="Name">What the page calls it.</param>
/// <param name="ContentType">What the browser takes it for, whatever is in it.</param>
internal sealed record Film(string Relative, string Name, string ContentType)
{
    /// <summary>The largest file that is shown.</summary>
    public const long MaxBytes = 64L << 20;

    private const int MostFilms = 12;
    private const int MostFiles = 1000;

    private static readonly EnumerationOptions _plainFiles =
        new() { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, IgnoreInaccessible = true };

    // Nothing that can hold a script.
    private static readonly Dictionary<string, string> _types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".png"] = "image/png",
        [".mp4"] = "video/mp4",
        [".webm"] = "video/webm",
    };

    /// <summary>The folders below that of a run in which films are looked for.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["", "films"];

    /// <summary>The films of a run, in order of their names.</summary>
    public static IReadOnlyList<Film> Of(FoundFolder run) =>
        [.. Folders.SelectMany(folder => Files(run, folder)).Order(StringComparer.Ordinal).Select(file => Of(run, file)).OfType<Film>().Take(MostFilms)];

    private static Film? Of(FoundFolder run, string file) =>
        GuardedFile.Stamp(run.Root, run.In(file)) is { Length: <= MaxBytes }
            ? new Film(run.In(file), file.Replace('\\', '/'), _types[Path.GetExtension(file)]) : null;

    private static string[] Files(FoundFolder run, string folder)
    {
        try
        {
            var path = Path.Combine(run.Root, run.In(folder));
            return !Directory.Exists(path) ? [] :
                [.. Directory.EnumerateFiles(path, "*", _plainFiles).Take(MostFiles).Where(file => _types.ContainsKey(Path.GetExtension(file)))
                    .Select(file => Path.Combine(folder, Path.GetFileName(file)))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
