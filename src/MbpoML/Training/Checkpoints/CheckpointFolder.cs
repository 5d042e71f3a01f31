using System.Globalization;
using MbpoML.Saving;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training.Checkpoints;

/// <summary>The checkpoints of one run: a file for each, named by its step, of which the newest are kept.</summary>
/// <param name="path">The folder; made when the first checkpoint is written.</param>
/// <param name="keep">How many are kept, at least 1.</param>
/// <param name="delete">How a file is deleted; null for <see cref="File.Delete"/>.</param>
internal sealed partial class CheckpointFolder(string path, int keep, Action<string>? delete = null)
{
    private const string Prefix = "step-";
    private const string Extension = ".checkpoint";

    private readonly Action<string> _delete = delete ?? File.Delete;

    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>What the last <see cref="Write"/> should have deleted but could not, as on Windows a file that another program has open.</summary>
    public IReadOnlyList<string> Undeleted { get; private set; } = [];

    /// <summary>Writes a checkpoint, and only then deletes those that are too old.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="CheckpointException">It cannot be written; those before it are untouched.</exception>
    public string Write(long step, Action<CheckpointWriter> content)
    {
        var file = Path.Combine(FullPath, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D12}{Extension}"));
        try
        {
            Directory.CreateDirectory(FullPath);
            // What killed processes were writing, hundreds of megabytes each, would in the end fill the disk.
            Undeleted = DeleteAll(Matching(Extension + AtomicFile.UnfinishedSuffix));
            AtomicFile.Write(file, stream =>
            {
                using var writer = new CheckpointWriter(stream);
                content(writer);
                writer.Complete();
            });
            // The checkpoint stands, whatever becomes of the others. Later steps are of a run that was taken back to an earlier checkpoint: they are no longer
            // of this one.
            Undeleted = [.. Undeleted,
                .. DeleteAll(Files().Where(other => StepOf(other) > step).Concat(Files().Where(other => StepOf(other) <= step).Skip(keep)))];
            return file;
        }
        catch (Exception exception)
        {
            // The disk, or what is to be written: a learner or an environment that cannot give its state.
            throw new CheckpointException(
                Invariant($"The checkpoint of step {step} cannot be written to '{FullPath}': {exception.Message.TrimEnd('.')}. ") +
                (LastOrNull() is { } last ? $"The run can be resumed from '{last}' when that is mended." : "There is none before it."), exception);
        }
    }

    /// <summary>Opens the newest checkpoint that is whole, and says in the log which ones are not.</summary>
    /// <exception cref="CheckpointException">There is none, or the folder cannot be read.</exception>
    public CheckpointReader OpenNewest(ILogger logger)
    {
        CheckpointException? newest = null;
        foreach (var file in ReadableFiles())
        {
            try
            {
                return new CheckpointReader(file);
            }
            catch (CheckpointException exception)
            {
                LogSkipped(logger, exception.Message);
                newest ??= exception;
            }
        }

        throw newest is null
            ? new CheckpointException($"There is no checkpoint in '{FullPath}'. Give the folder of the trainer's option Checkpoints, or a file in it.")
            : new CheckpointException($"No checkpoint in '{FullPath}' can be used. The newest: {newest.Message}", newest);
    }

    /// <summary>The files, newest first; unfinished ones are none.</summary>
    public IEnumerable<string> Files() => Matching(Extension).OrderByDescending(file => StepOf(file));

    private List<string> DeleteAll(IEnumerable<string> files)
    {
        var left = new List<string>();
        foreach (var file in files)
        {
            try
            {
                _delete(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                left.Add(file);
            }
        }

        return left;
    }

    // Those of a step, whatever else is in the folder; read at once, because it changes meanwhile.
    private string[] Matching(string extension) =>
        Directory.Exists(FullPath) ? [.. Directory.EnumerateFiles(FullPath, $"{Prefix}*{extension}").Where(file => StepOf(file, extension) is not null)] : [];

    private IEnumerable<string> ReadableFiles()
    {
        try
        {
            return Files();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"The folder '{FullPath}' cannot be read: {exception.Message}", exception);
        }
    }

    // For the message of an error, which another error must not hide.
    private string? LastOrNull()
    {
        try
        {
            return Files().FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? StepOf(string file, string extension = Extension)
    {
        var name = Path.GetFileName(file.AsSpan());
        return long.TryParse(name[Prefix.Length..^extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} The checkpoint before it is tried.")]
    private static partial void LogSkipped(ILogger logger, string reason);
}
