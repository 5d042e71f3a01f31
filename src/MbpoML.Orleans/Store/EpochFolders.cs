using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MbpoML.Experiments;
using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Store;

/// <summary>
/// Where things lie in the store, the folder that all nodes see: <c>mbpo-cluster/STUDY/LIFE/trial-003/seed-1/epoch-000002</c>. Each lease of a run writes in a
/// folder of its own, so that a worker that lost its lease without knowing it can harm nothing.
/// </summary>
/// <param name="store">The path of the store on this machine.</param>
internal sealed class EpochFolders(string store)
{
    private const string Prefix = "epoch-";
    private const int LongestName = 60;

    /// <summary>The store.</summary>
    public string Store => store;

    /// <summary>The folder of a study with all its lives. Names that differ have folders that differ, on every file system.</summary>
    public string OfStudy(string study) => Path.Combine(store, "mbpo-cluster", FolderNameOf(study));

    /// <summary>The folder of a run, with one for each epoch.</summary>
    /// <param name="task">The run whose folder it is.</param>
    /// <param name="life">The mark of the study's life.</param>
    /// <exception cref="RunDataException">The mark is none.</exception>
    public string OfTask(StudyTask task, string life) =>
        life.Length is > 0 and <= LongestName && life.All(char.IsAsciiLetterOrDigit)
            ? Path.Combine([OfStudy(task.Study), life, .. task.Name.Split('/')])
            : throw new RunDataException($"'{life}' is no mark of a study's life: it would lead out of the store.");

    /// <summary>The folder in which the lease of an epoch trains.</summary>
    public RunFolder Of(StudyTask task, string life, long epoch) => new(Path.Combine(OfTask(task, life), Invariant($"{Prefix}{epoch:D6}")));

    /// <summary>Deletes the folders of earlier epochs, which nobody needs any more; what another program holds open is left.</summary>
    public void DeleteBefore(StudyTask task, string life, long epoch)
    {
        var folder = OfTask(task, life);
        if (!Directory.Exists(folder)) return;
        foreach (var earlier in Directory.GetDirectories(folder, Prefix + "*"))
            if (NumberOf(earlier) is { } number && number < epoch) DeleteQuietly(earlier);
    }

    /// <summary>Deletes everything of a study; what another program holds open is left.</summary>
    public void DeleteStudy(string study) => DeleteQuietly(OfStudy(study));

    // What people can read of the name, and a hash that tells it from any other.
    private static string FolderNameOf(string study)
    {
        var readable = new string([.. study.Take(LongestName).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_')]);
        return $"{readable}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(study)))[..12]}";
    }

    private static long? NumberOf(string folder) =>
        long.TryParse(Path.GetFileName(folder)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void DeleteQuietly(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It takes room, and nothing else; the end of the study tries again.
        }
    }
}
