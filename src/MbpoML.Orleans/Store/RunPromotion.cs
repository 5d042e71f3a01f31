using System.Globalization;
using System.Security.Cryptography;
using MbpoML.Experiments;
using MbpoML.Orleans.Leases;
using MbpoML.Training;

namespace MbpoML.Orleans.Store;

/// <summary>Puts the checkpoints of a lease aside, so that the trainer does not delete them, and tells which one is new.</summary>
/// <param name="folder">The folder of the epoch.</param>
/// <param name="epoch">The epoch of the lease.</param>
internal sealed class RunPromotion(RunFolder folder, long epoch)
{
    /// <summary>The folder in that of an epoch for the checkpoints that were put aside.</summary>
    public const string FolderName = "promoted";

    // While nobody answers, checkpoints are told that may count already; the disk is not to be filled with them.
    private const int MostUntold = 20;

    private readonly List<string> _aside = [];
    private long _step = -1;

    /// <summary>Puts the newest checkpoint aside.</summary>
    /// <param name="begunWith">The step of the checkpoint with which the lease began, which does not count again; -1 to take it as well.</param>
    /// <returns>The checkpoint; null where there is none that is newer than the last one.</returns>
    /// <exception cref="IOException">The store cannot be read or written.</exception>
    public PromotedCheckpoint? PutAside(long begunWith)
    {
        if (Checkpointing.Files(folder.Checkpoints) is not [var newest, ..] || StepOf(newest) is not { } step) return null;
        if (step <= Math.Max(_step, begunWith)) return null;
        // Hashed before it is moved: what fails here is tried again with the same file.
        var hash = HashOf(newest);
        var target = Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Path, FolderName)).FullName, Path.GetFileName(newest));
        File.Move(newest, target, overwrite: true);
        _step = step;
        _aside.Add(target);
        // The first is the one that counts for certain.
        if (_aside.Count > MostUntold) Forget(1, 1);
        return new PromotedCheckpoint(epoch, Path.GetFileName(target), step, hash);
    }

    /// <summary>The cluster has answered that a checkpoint counts: earlier ones are deleted.</summary>
    public void Counts(PromotedCheckpoint checkpoint) =>
        Forget(0, Math.Max(0, _aside.FindIndex(file => Path.GetFileName(file) == checkpoint.File)));

    /// <summary>The hash of a file.</summary>
    public static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private void Forget(int first, int count)
    {
        foreach (var old in _aside.GetRange(first, count))
        {
            try
            {
                File.Delete(old);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It takes room, and nothing else.
            }
        }

        _aside.RemoveRange(first, count);
    }

    private static long? StepOf(string file) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file).Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
}
