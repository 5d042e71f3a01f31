using MbpoML.Algorithms.DoubleHorizon;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.MeTrpo;
using MbpoML.Algorithms.Pets;
using MbpoML.Algorithms.PlaNet;
using MbpoML.Algorithms.Ppo;
using MbpoML.Experiments.Tasks;
using MbpoML.Training;

namespace MbpoML.Experiments;

/// <content>The folder as a trainer's record.</content>
public sealed partial class RunFolder
{
    private string? _task;
    private string? _label;

    /// <summary>
    /// Keeps the run of a trainer in a folder, with <c>options.Record = RunFolder.For("runs/mine")</c>. Nothing is written before the run begins.
    /// </summary>
    /// <remarks>
    /// The tool <c>mbpo</c> plots, reports, evaluates, diagnoses and resumes such a run like its own. To make the environment again, it takes the type and the
    /// assembly of the trainer's environment, which needs a constructor without arguments, and its time limit; of any other environment it asks for
    /// <c>--environment My.dll#My.Environment</c>. What only code can give, such as a reward function of the options or a stage of another maker, it cannot
    /// make: such a run is resumed by the program that began it.
    /// </remarks>
    /// <param name="path">The folder; made where it is missing. It holds one run.</param>
    /// <param name="task">What tables and pictures call the task; runs of equal names are compared. Default: the name of the environment's type, without
    /// "Environment".</param>
    /// <param name="label">What tables and pictures call the run and its other seeds. Default: the algorithm, and what differs from the environment's
    /// preset.</param>
    /// <exception cref="ArgumentException">The path, the task or the label is blank.</exception>
    public static RunFolder For(string path, string? task = null, string? label = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (task is not null) ArgumentException.ThrowIfNullOrWhiteSpace(task);
        if (label is not null) ArgumentException.ThrowIfNullOrWhiteSpace(label);
        return new RunFolder(path) { _task = task, _label = label };
    }

    /// <inheritdoc/>
    /// <exception cref="RunInUseException">Another process, or another trainer of this one, trains the run of the folder.</exception>
    /// <exception cref="RunFolderException">There is a run in the folder, which a new one would write over, or the run goes on from a checkpoint that is not
    /// the folder's.</exception>
    IRunRecording IRunRecord.Begin(RunDescription run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var turn = run.ResumedFrom is { } checkpoint ? TakeForResume(checkpoint) : NeverBegan() ? TakeAgain() : Claim();
        try
        {
            RunOptionsFile.Write(Options, HeadOf(run), run.Options, run);
            return new RunRecording(this, turn, resumes: run.ResumedFrom is not null, TimeProvider.System);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    // What a run left that failed before its first checkpoint and its first epoch: a program that was mended begins it again.
    private bool NeverBegan() =>
        IsRun && RunReport.Read(Report) is { Status: RunStatus.Failed, Steps: 0 } && !Checkpointing.Exists(Checkpoints) &&
            (!File.Exists(Metrics) || new FileInfo(Metrics).Length == 0);

    private RunLock TakeAgain()
    {
        var turn = RunLock.Take(this);
        if (NeverBegan()) return turn;
        turn.Dispose();
        throw new RunInUseException($"'{Path}' is in use: another process has just begun its run again.");
    }

    private RunLock TakeForResume(string checkpoint)
    {
        if (!IsRun) return Claim();
        var (from, own) = (System.IO.Path.GetFullPath(checkpoint), System.IO.Path.GetFullPath(Checkpoints));
        if (from != own && System.IO.Path.GetDirectoryName(from) != own && System.IO.Path.TrimEndingDirectorySeparator(from) != own)
            throw new RunFolderException(
                $"There is another run in '{Path}', and '{checkpoint}' is no checkpoint of it. Resume from '{Checkpoints}', or name another folder.");
        return RunLock.Take(this);
    }

    private RunOptionsHead HeadOf(RunDescription run)
    {
        var environment = EnvironmentIdentity.Of(run.Environment);
        var algorithm = AlgorithmOf(run);
        return new RunOptionsHead
        {
            Task = _task ?? environment.TaskName,
            Environment = environment.Reference,
            EnvironmentType = environment.TypeName,
            TimeLimit = environment.TimeLimit,
            Algorithm = algorithm.Name,
            Seed = run.Seed,
            Label = _label,
            Changes = RunOptionsFile.Changes(algorithm.Apply(DefaultPreset.Of(run.Environment)), run.Options),
        };
    }

    private static Algorithm AlgorithmOf(RunDescription run) => run.Trainer switch
    {
        nameof(MbpoTrainer) => Algorithm.Named(run.Options.GetValueOrDefault("Trainer.RealRatio") == "1" ? "sac" : "mbpo"),
        nameof(DoubleHorizonTrainer) => Algorithm.Named("dhmbpo"),
        nameof(PetsTrainer) => Algorithm.Named("pets"),
        nameof(MeTrpoTrainer) => Algorithm.Named("metrpo"),
        nameof(PpoTrainer) => Algorithm.Named("ppo"),
        nameof(PlaNetTrainer) => Algorithm.Named("planet"),
        _ => Algorithm.Custom,
    };
}
