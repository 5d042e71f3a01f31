using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MbpoML.Experiments;
using MbpoML.Experiments.Studies;

namespace MbpoML.Orleans.Tests.Chaos;

/// <summary>What two equal studies have in common to the last byte: journal, metrics but for times, and policies.</summary>
internal static partial class StudyContent
{
    /// <summary>A line for each file, or each line of metrics.</summary>
    public static IReadOnlyList<string> Of(string folder) =>
    [
        .. File.ReadAllLines(Path.Combine(folder, Study.JournalFile)),
        .. RunFolders.All([folder]).SelectMany(run => Of(run, Path.GetRelativePath(folder, run.Path))),
    ];

    /// <summary>A line for each file of a run, or each line of its metrics.</summary>
    public static IEnumerable<string> Of(RunFolder run, string name)
    {
        foreach (var line in File.ReadLines(run.Metrics)) yield return $"{name} metrics {Times().Replace(line, "")}";
        yield return $"{name} status {RunReport.Read(run.Report)!.Status} {RunReport.Read(run.Report)!.Steps}";
        if (!File.Exists(run.Policy)) yield break;
        // The archive itself holds the times of its entries.
        using var archive = ZipFile.OpenRead(run.Policy);
        foreach (var entry in archive.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            using var content = entry.Open();
            yield return $"{name} policy {entry.FullName} {Convert.ToHexStringLower(SHA256.HashData(content))}";
        }
    }

    [GeneratedRegex("\"time[^,}]*")]
    private static partial Regex Times();
}
