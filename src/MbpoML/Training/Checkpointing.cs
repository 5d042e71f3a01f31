using MbpoML.Numerics;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Training;

/// <summary>Where and when a run writes checkpoints, from which a trainer's <c>Resume</c> goes on as if the run had never stopped.</summary>
public sealed class Checkpointing
{
    /// <summary>
    /// The folder for the checkpoints of this run; made where it is missing. A new run takes an empty folder only. A run that is resumed from an older
    /// checkpoint deletes the later ones when it writes its next. A file is 10 to 700 MB, most of it imagined transitions. No default: it must be set, but for
    /// a run with a <see cref="TrainingOptions.Record"/>, which names it.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>Real environment steps between two checkpoints. Default: null, time alone decides.</summary>
    public int? EverySteps { get; set; }

    /// <summary>
    /// Time between two checkpoints; the next one is written at the end of the step in which it is over. Default: 10 minutes. Null: steps alone decide. One
    /// that takes longer to write than a fiftieth of this time says so in the log.
    /// </summary>
    public TimeSpan? Every { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many checkpoints are kept; older ones are deleted. Default: 3.</summary>
    public int Keep { get; set; } = 3;

    /// <summary>
    /// Whether there is a checkpoint in a folder, so that a program that is started again goes on: <c>Checkpointing.Exists(folder) ? trainer.Resume(folder) :
    /// trainer.Train()</c>.
    /// </summary>
    /// <param name="folder">The path of the folder; where there is none, it has no checkpoint.</param>
    /// <exception cref="ArgumentException">The folder has no name.</exception>
    public static bool Exists(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new CheckpointFolder(folder, keep: 1).Files().Any();
    }

    /// <summary>The checkpoints of a folder, newest first; those that were not finished are left out.</summary>
    /// <param name="folder">The folder; where there is none, it has no checkpoints.</param>
    /// <returns>Paths of files for the <c>Open</c> and <c>Resume</c> of a trainer.</returns>
    /// <exception cref="ArgumentException">The folder has no name.</exception>
    public static IReadOnlyList<string> Files(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return [.. new CheckpointFolder(folder, keep: 1).Files()];
    }

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Folder))
            throw new ArgumentException("Checkpoints.Folder must name a folder, as in \"runs/pendulum-1/checkpoints\".", nameof(Folder));
        ValidateTimes();
    }

    /// <summary>Where the run's record names the folder.</summary>
    internal void ValidateWithoutFolder()
    {
        if (Folder is not "")
            throw new ArgumentException(
                $"Checkpoints.Folder is '{Folder}', but Record names the folder of the checkpoints: leave Folder empty.", nameof(Folder));
        ValidateTimes();
    }

    private void ValidateTimes()
    {
        if (EverySteps is { } steps) Check.AtLeast(1, steps, nameof(EverySteps));
        if (Every is { } time) Check.Positive(time.TotalSeconds, nameof(Every));
        Check.AtLeast(1, Keep);
    }

    internal Checkpointing Validated()
    {
        Validate();
        return Copy();
    }

    internal Checkpointing Copy() => (Checkpointing)MemberwiseClone();
}
