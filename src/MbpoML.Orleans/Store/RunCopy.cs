using MbpoML.Experiments;
using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Store;

/// <summary>Copies a run from one folder to another with the one checkpoint that counts.</summary>
internal static class RunCopy
{
    // Written anew, or of no use elsewhere.
    private static readonly string[] _left = ["training.lock", "options.json", "policy.zip", "checkpoints", RunPromotion.FolderName];

    /// <summary>Makes the folder of a new epoch: with the checkpoint of an earlier one and what belongs to it, or empty.</summary>
    /// <param name="folder">The folder; what is there of an attempt that was cut short is deleted.</param>
    /// <param name="from">The folder of the earlier epoch; null for none.</param>
    /// <param name="checkpoint">Its checkpoint that counts.</param>
    /// <param name="options">The content of the run's options.json.</param>
    /// <returns>Whether the run goes on. A checkpoint that is gone or damaged is not used: the run begins anew, and learns the same once more.</returns>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public static bool Begin(RunFolder folder, RunFolder? from, PromotedCheckpoint? checkpoint, string options)
    {
        if (Directory.Exists(folder.Path)) Directory.Delete(folder.Path, recursive: true);
        Directory.CreateDirectory(folder.Path);
        var goesOn = from is not null && checkpoint is not null && CopyCheckpoint(from, folder, checkpoint);
        if (goesOn) CopyRecords(from!.Path, folder.Path, _left);
        AtomicText(folder.Options, options);
        return goesOn;
    }

    /// <summary>Brings a run that is over into the folder of its study: as a whole or not at all.</summary>
    /// <param name="from">The folder of the epoch that ended it.</param>
    /// <param name="checkpoint">Its last checkpoint; null for none, where it failed before the first.</param>
    /// <param name="to">The folder in the study; what is there is replaced.</param>
    /// <exception cref="RunDataException">The checkpoint is gone or damaged.</exception>
    /// <exception cref="IOException">A folder cannot be read or written.</exception>
    public static void Bring(RunFolder from, PromotedCheckpoint? checkpoint, RunFolder to)
    {
        var arriving = new RunFolder(to.Path + ".arriving");
        if (Directory.Exists(arriving.Path)) Directory.Delete(arriving.Path, recursive: true);
        Directory.CreateDirectory(arriving.Path);
        if (checkpoint is not null && !CopyCheckpoint(from, arriving, checkpoint))
            throw new RunDataException($"The last checkpoint of '{from.Path}' is gone or damaged, so that the run cannot be brought to '{to.Path}'.");
        CopyRecords(from.Path, arriving.Path, ["training.lock", "checkpoints", RunPromotion.FolderName]);
        if (Directory.Exists(to.Path)) Directory.Delete(to.Path, recursive: true);
        Directory.Move(arriving.Path, to.Path);
    }

    private static bool CopyCheckpoint(RunFolder from, RunFolder to, PromotedCheckpoint checkpoint)
    {
        // The name comes out of a message: it must not lead elsewhere.
        if (Path.GetFileName(checkpoint.File) != checkpoint.File) return false;
        var source = Path.Combine(from.Path, RunPromotion.FolderName, checkpoint.File);
        if (!File.Exists(source) || RunPromotion.HashOf(source) != checkpoint.Sha256) return false;
        File.Copy(source, Path.Combine(Directory.CreateDirectory(to.Checkpoints).FullName, checkpoint.File), overwrite: true);
        return true;
    }

    // Metrics, events and the report. Who lost its lease may still write them: resuming cuts off what is later than the checkpoint.
    private static void CopyRecords(string from, string to, IReadOnlyList<string> left)
    {
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            if (left.Contains(entry.Name) || entry.Name.EndsWith(".unfinished", StringComparison.Ordinal) || entry.LinkTarget is not null) continue;
            var target = Path.Combine(to, entry.Name);
            if (entry is FileInfo file) file.CopyTo(target, overwrite: true);
            else CopyRecords(entry.FullName, Directory.CreateDirectory(target).FullName, []);
        }
    }

    private static void AtomicText(string path, string text) =>
        Training.Checkpoints.AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
