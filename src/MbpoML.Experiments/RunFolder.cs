using MbpoML.Algorithms.Mbpo;
using MbpoML.Training;

namespace MbpoML.Experiments;

/// <summary>
/// The folder of one run, as the tool <c>mbpo</c> writes and reads it: <c>options.json</c>, <c>metrics.jsonl</c>, <c>tensorboard/</c>, <c>checkpoints/</c>,
/// <c>policy.zip</c> and <c>report.json</c>. Given as <see cref="TrainingOptions.Record"/> it keeps the run of a trainer there.
/// </summary>
public sealed partial class RunFolder : IRunRecord
{
    /// <summary>The folder of a run, to read it or to give it to an executor.</summary>
    /// <param name="path">The folder; it need not be there.</param>
    public RunFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = path;
    }

    /// <summary>The folder, as it was written.</summary>
    public string Path { get; }

    /// <summary>The last part of the path: what displays call the run.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));

    /// <summary>The file of the options: task, environment, algorithm, seed, and every option with its value.</summary>
    public string Options => In("options.json");

    /// <summary>The file of the metrics, which <see cref="MbpoML.Training.Metrics.MetricsFile"/> reads.</summary>
    public string Metrics => In("metrics.jsonl");

    /// <summary>The folder of the TensorBoard events.</summary>
    public string Events => In("tensorboard");

    /// <summary>The file of the policy, an ML.NET model.</summary>
    public string Policy => In("policy.zip");

    /// <summary>The folder of the checkpoints, for <see cref="MbpoTrainer.Resume"/> and <see cref="MbpoTrainer.Open"/>.</summary>
    public string Checkpoints => In("checkpoints");

    /// <summary>The file that says how the run stands.</summary>
    public string Report => In("report.json");

    /// <summary>Whether there is a run in the folder.</summary>
    public bool IsRun => File.Exists(Options);

    /// <summary>
    /// Whether a checkpoint is there, so that a program that is started again goes on: <c>run.CanResume ? trainer.Resume(run.Checkpoints) :
    /// trainer.Train()</c>.
    /// </summary>
    public bool CanResume => IsRun && Checkpointing.Exists(Checkpoints);

    /// <summary>The names of the files in <see cref="Events"/>.</summary>
    internal const string EventFiles = "events.out.tfevents*";

    internal string Lock => In("training.lock");

    /// <summary>One of the things that training writes; null where none of them is there.</summary>
    internal string? Written => new[] { Metrics, Events, Policy, Checkpoints, Report }.FirstOrDefault(System.IO.Path.Exists);

    /// <summary>What a person types to go on with the run.</summary>
    public string ResumeCommand => $"mbpo resume {ShellText.Quoted(Path)}";

    /// <summary>Takes a folder for a new run, before anything is written to it; makes the folder where it is missing.</summary>
    /// <returns>Keeps everybody else out until it is disposed.</returns>
    /// <exception cref="RunInUseException">Another process has taken it.</exception>
    /// <exception cref="RunFolderException">There is a run in it, or something else that has the name of a run's part.</exception>
    internal RunLock Claim()
    {
        RequireFree();
        Directory.CreateDirectory(Path);
        var turn = RunLock.Take(this);
        try
        {
            // Whoever had it until now may have left a run.
            RequireEmpty();
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a folder in which a new run would write over what is there.</summary>
    /// <exception cref="RunInUseException">Another process trains a run in it.</exception>
    /// <exception cref="RunFolderException">There is a run in it, or something else that has the name of a run's part.</exception>
    internal void RequireFree()
    {
        // That a run is in use says more than that there is one.
        if (IsRun && File.Exists(Lock)) RunLock.Take(this).Dispose();
        RequireEmpty();
    }

    private void RequireEmpty()
    {
        if (IsRun) throw new RunFolderException($"There is a run in '{Path}' already. Name another folder, or go on with that run by: {ResumeCommand}");
        var taken = File.Exists(Path) ? Path : System.IO.Path.Exists(Options) ? Options : RunLock.IsForeign(Lock) ? Lock : Written;
        if (taken is not null)
            throw new RunFolderException(
                $"'{Path}' holds no run, but '{taken}' is there, which a run would write over. Name another folder, or move that away.");
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
