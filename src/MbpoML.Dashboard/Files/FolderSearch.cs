using MbpoML.Experiments.Studies;

namespace MbpoML.Dashboard.Files;

/// <summary>Finds the runs and studies below some folders, without following links and with an end however many folders there are.</summary>
internal static class FolderSearch
{
    /// <summary>A study lies one level below what is named, its runs two levels below that.</summary>
    public const int DeepestSearch = 4;

    private const int MostFolders = 20_000;
    private const int LongestName = 200;
    private const string OptionsFile = "options.json";

    private static readonly EnumerationOptions _plainFolders =
        new() { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };

    /// <summary>The runs and studies, in order of their names.</summary>
    /// <param name="roots">The folders that the user named.</param>
    /// <param name="mostRuns">What is shown.</param>
    /// <returns>What was found, and whether there is more.</returns>
    public static (IReadOnlyList<FoundFolder> Found, bool IsCut) In(IReadOnlyList<string> roots, int mostRuns)
    {
        string[] whole = [.. roots.Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root))).Distinct()];
        var found = new List<FoundFolder>();
        var (runs, seen) = (0, 0);
        foreach (var root in whole)
        {
            var open = new Stack<(string Relative, int Depth)>([("", 0)]);
            while (open.TryPop(out var folder))
            {
                if (++seen > MostFolders) return (found, true);
                var isRun = Has(root, folder.Relative, OptionsFile);
                if (isRun && ++runs > mostRuns) return (found, true);
                if (isRun || Has(root, folder.Relative, Study.JournalFile))
                    found.Add(new FoundFolder(root, folder.Relative, NameOf(root, folder.Relative, whole.Length > 1), HasStudy: !isRun));
                if (isRun || folder.Depth == DeepestSearch) continue;
                foreach (var inner in Below(Path.Combine(root, folder.Relative)))
                    open.Push((Path.Combine(folder.Relative, inner), folder.Depth + 1));
            }
        }

        return (found, false);
    }

    private static bool Has(string root, string folder, string file) => GuardedFile.Stamp(root, Path.Combine(folder, file)) is not null;

    // Backwards, because the last one that is put on the stack is taken first.
    private static string[] Below(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder, "*", _plainFolders).Take(MostFolders).Select(path => Path.GetFileName(path))
                .OrderDescending(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string NameOf(string root, string relative, bool isOneOfSeveral)
    {
        var top = Path.GetFileName(root);
        var name = relative.Length == 0 ? top : isOneOfSeveral ? $"{top}/{relative}" : relative;
        name = name.Replace('\\', '/');
        return name.Length > LongestName ? $"{name[..LongestName]}…" : name;
    }
}
