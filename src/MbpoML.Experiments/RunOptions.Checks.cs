using MbpoML.Experiments.Evaluations;
using MbpoML.Training;
using Microsoft.ML;

namespace MbpoML.Experiments;

/// <content>What must hold before a run writes anything.</content>
public sealed partial class RunOptions
{
    /// <summary>Makes a trainer as the run would, so that settings that cannot be used are found before anything is written.</summary>
    /// <exception cref="RunSpecException">A setting cannot be used; the message says which, and what is allowed.</exception>
    /// <exception cref="RunDataException">The constructor of the environment failed.</exception>
    public void Check()
    {
        try
        {
            using var environment = Task.Create();
            var settings = WithSeed(Seed).Settings;
            settings.TrainerOptions.Checkpoints!.Folder = ".";
            var trainer = Tasks.Algorithm.CreateTrainer(new MLContext(Seed).Reinforcement(), environment, settings);
            if (Logged is { } file) LogFile.Read(file, environment.ObservationSpace.Size, environment.ActionSpace.Size);
            else trainer.CheckBeginning();
        }
        catch (ArgumentException exception)
        {
            throw new RunSpecException(ExceptionText.Of(exception));
        }
    }

    /// <summary>Finds out whether the run of a folder can begin or go on without a loss of what it learned.</summary>
    /// <param name="folder">The folder of a run with these options.</param>
    /// <exception cref="RunSpecException">It ended with a checkpoint, but has none any more; to begin anew would write over its metrics and its
    /// policy.</exception>
    public void CheckGoesOn(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (Checkpointing.Exists(folder.Checkpoints) || RunReport.Read(folder.Report) is not { Status: RunStatus.Finished or RunStatus.Interrupted } report)
            return;
        if (report.Status == RunStatus.Finished && report.Steps >= Settings.TrainerOptions.Steps) return;
        throw new RunSpecException(
            Invariant($"'{folder.Path}' has taken {report.Steps} steps, but its checkpoints are gone: it cannot go on. Put them back into ") +
            Invariant($"'{folder.Checkpoints}', or begin another run: ") +
            $"mbpo train --options {ShellText.Quoted(folder.Options)} --out FOLDER");
    }

    /// <summary>Whether the run of a folder has taken all the steps of these options.</summary>
    /// <param name="folder">The folder of a run with these options.</param>
    public bool IsFinishedIn(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return RunReport.Read(folder.Report) is { Status: RunStatus.Finished } report && report.Steps >= Settings.TrainerOptions.Steps;
    }

    internal RunOptions Told(string? label, string? logged)
    {
        var copy = new RunOptions(Task, _preset, Algorithm, Seed) { Label = label, Logged = logged, _changes = _changes };
        foreach (var (path, value) in Describe()) copy.Settings.Set(path, value);
        return copy;
    }
}
