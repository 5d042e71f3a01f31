using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;

namespace MbpoML.Training;

/// <summary>
/// The settings of a run, whatever its algorithm: its length, its episodes, its evaluations, and where it reports to. Sources: the paper's appendix C and the
/// official configuration (jannerm/mbpo, examples/config).
/// </summary>
public class TrainingOptions
{
    private const int MostEnvironments = 1000;

    /// <summary>
    /// Real environment steps in all, random exploration included (the official code does not count it). Default: 20,000, as for the paper's pendulum.
    /// </summary>
    [MayChangeOnResume]
    public int Steps { get; set; } = 20_000;

    /// <summary>Real steps an epoch; each epoch closes with an evaluation. Default: 1000 (official epoch_length; 250 for the pendulum).</summary>
    public int EpochLength { get; set; } = 1000;

    /// <summary>
    /// Steps of uniformly random actions at the start; logged transitions given to the trainer count towards them.
    /// Default: null, a 25th of <see cref="Steps"/> but at least 250 and at most 5000: that is 5000 for the paper's Hopper and 800 for its pendulum
    /// (official n_initial_exploration_steps: 5000, and 500).
    /// </summary>
    public int? InitialExplorationSteps { get; set; }

    /// <summary>
    /// Steps for which each random action of the exploration is held. Default: 1, a new action each step (official UniformPolicy). Where single random actions
    /// cancel out, as for a car in a valley, holding them reaches further.
    /// </summary>
    public int ExplorationActionHold { get; set; } = 1;

    /// <summary>
    /// The noise with which the policy draws its actions in the environment, after the random exploration; imagined steps and minibatches stay as they are.
    /// Default: <see cref="ExplorationNoise.White"/>, as in the official code; MACURA and Infoprop: <see cref="ExplorationNoise.Pink"/>.
    /// </summary>
    public ExplorationNoise ExplorationNoise { get; set; }

    /// <summary>The real pool's capacity in transitions; the oldest leave first. Default: 1,000,000 (official pool_params max_size).</summary>
    public int RealPoolCapacity { get; set; } = 1_000_000;

    /// <summary>Cuts (truncates) episodes that the environment does not end itself, in steps. Default: 1000 (official max_path_length).</summary>
    public int MaxEpisodeSteps { get; set; } = 1000;

    /// <summary>
    /// Cuts (truncates) the episodes of the training alone, in steps: then it begins more often, and a policy that falls soon after its start sees more of
    /// that. Evaluations stay as long as they are. Default: null, as late as <see cref="MaxEpisodeSteps"/>, which holds for both (ours).
    /// </summary>
    public int? TrainingEpisodeSteps { get; set; }

    /// <summary>
    /// Where <see cref="TrainingEpisodeSteps"/> cuts the training's episodes, one of so many is not cut there but goes on to <see cref="MaxEpisodeSteps"/>, so
    /// that what comes late in an episode is learned as well; at least 1. Default: null, all of them are cut (ours).
    /// </summary>
    public int? WholeEpisodeInterval { get; set; }

    /// <summary>Episodes of each evaluation, with the most likely actions; 0 runs none. Default: 1 (official eval_n_episodes).</summary>
    public int EvaluationEpisodes { get; set; } = 1;

    /// <summary>
    /// Where evaluation runs. Default: null, the training environment itself. Its state is saved and restored where it can give it
    /// (<see cref="IStatefulEnvironment"/>). Otherwise the evaluation waits for the end of the training episode, so that it never cuts an episode.
    /// </summary>
    [MayChangeOnResume]
    public IEnvironment? EvaluationEnvironment { get; set; }

    /// <summary>
    /// Environments that make their steps side by side, 1 to 1000, for simulators that are slow. Each begins a step with the policy of that moment, and the
    /// steps count one after the other, with the updates of each; so a policy is up to one step a further environment old when it acts. Equal seeds give equal
    /// policies, others than with another number. Above 1, <see cref="MoreEnvironments"/> has the others. An algorithm that learns from whole episodes takes
    /// one. Default: 1, as in the paper.
    /// </summary>
    public int EnvironmentsAtOnce { get; set; } = 1;

    /// <summary>
    /// The further training environments, one fewer than <see cref="EnvironmentsAtOnce"/>: other objects of the same task. They stay the caller's, and each is
    /// called by a thread of its own. Default: none.
    /// </summary>
    [MayChangeOnResume]
    public IReadOnlyList<IEnvironment> MoreEnvironments { get; set; } = [];

    /// <summary>
    /// Rollouts that are imagined after each evaluation from the starts of its episodes, to see whether the model promises more than the environment gives
    /// (<see cref="MetricNames.ModelExploitation"/>); 0 for none. They change nothing else. Default: 16, our choice.
    /// </summary>
    [MayChangeOnResume]
    public int ModelReturnRollouts { get; set; } = 16;

    /// <summary>
    /// Steps of those rollouts, fewer where the episode was cut before. Default: 100, our choice: far enough to see a return, near enough for a model to be
    /// asked.
    /// </summary>
    [MayChangeOnResume]
    public int ModelReturnSteps { get; set; } = 100;

    /// <summary>
    /// The longest that a call of the environment may take, in training and evaluation; one that takes longer is a fault of the environment
    /// (<see cref="WatchedEnvironment"/>, which says what becomes of it then). Default: null, no limit. With a limit the environment has a thread of its own,
    /// and each call costs some ten microseconds more.
    /// </summary>
    public TimeSpan? StepTimeout { get; set; }

    /// <summary>
    /// What happens when the environment throws, gives what is not a finite number, or exceeds <see cref="StepTimeout"/>. A cancellation that
    /// <see cref="CancellationToken"/> did not ask for is such a fault. Default: <see cref="FailedEpisodes.Stop"/>.
    /// <see cref="FailedEpisodes.Drop"/> goes on with a new episode, counted in <see cref="MetricNames.TrainingFailedEpisodes"/>.
    /// </summary>
    public FailedEpisodes FailedEpisodes { get; set; }

    /// <summary>
    /// Where failed episodes are dropped: the run stops nevertheless as soon as so many failed in a row, without one in between that ended well. Default: 10.
    /// </summary>
    public int MaxFailedEpisodesInARow { get; set; } = 10;

    /// <summary>Tells which imagined transitions end the task. Default: null, the environment's own.</summary>
    public ITerminationFunction? Termination { get; set; }

    /// <summary>
    /// The reward of imagined transitions where it is known. Default: null, the environment's own, and where it has none the model learns it (as in the paper).
    /// </summary>
    public IRewardFunction? Reward { get; set; }

    /// <summary>The columns of logged transitions and of what a custom dynamics estimator sees. Default: the standard names.</summary>
    public TransitionColumns Columns { get; set; } = TransitionColumns.Default;

    /// <summary>The seed of all random numbers: the same seed gives the same policy, bit for bit, on one machine. Default: from the MLContext's seed.</summary>
    [MayChangeOnResume]
    public int? Seed { get; set; }

    /// <summary>
    /// Threads that torch uses inside one operation, on the threads of the run; the caller's setting and that of the process stay as they are. Default: null,
    /// one, our choice: with small matrices several are slower. More can help a stage of your own with large ones, and <see cref="Acceleration.Reference"/>.
    /// The fast paths of MbpoML use one whatever is set: their option for more is
    /// <see cref="Policies.SoftActorCritic.SoftActorCriticTrainer.Options.Workers"/>.
    /// </summary>
    [MayChangeOnResume]
    public int? Threads { get; set; }

    /// <summary>
    /// What goes on beside the policy updates, for environments whose steps take long and for machines with cores to spare. Equal seeds still give equal
    /// policies, but others than without. Default: <see cref="OverlappedStages.None"/>, everything one after the other, as in the paper.
    /// </summary>
    public OverlappedStages Overlap { get; set; }

    /// <summary>
    /// Where pools, model and policy stand and compute: "cpu", "cuda" or "cuda:1". The stages of MbpoML follow; one of another maker stays where it is, and its
    /// batches are copied. Default: null, where the stages' own options say, which is the CPU.
    /// </summary>
    [MayChangeOnResume]
    public string? Device { get; set; }

    /// <summary>Stops the run between two steps with a <see cref="TrainingCanceledException"/> that holds the policy so far. Default: none.</summary>
    [MayChangeOnResume]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Receives signs of life: every change of phase, every 10 steps and every closed epoch. Default: none.</summary>
    [MayChangeOnResume]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Receive the metrics of every epoch; the trainer flushes but does not dispose them. Default: none.</summary>
    [MayChangeOnResume]
    public IReadOnlyList<IMetricsWriter> MetricsWriters { get; set; } = [];

    /// <summary>
    /// Where and when checkpoints are written, from which <c>Resume</c> goes on as if the run had never stopped: at intervals, when the run is cancelled, when
    /// it fails, and at its end. Default: null, none.
    /// </summary>
    [MayChangeOnResume]
    public Checkpointing? Checkpoints { get; set; }

    /// <summary>
    /// Keeps the run: its options, metrics, checkpoints, policy and outcome. RunFolder of the package MbpoML.Experiments keeps it in a folder that the tool
    /// <c>mbpo</c> plots, reports, evaluates, diagnoses and resumes. The record names the folder of the checkpoints, so <see cref="Checkpointing.Folder"/>
    /// stays empty. Default: null, none.
    /// </summary>
    [MayChangeOnResume]
    public IRunRecord? Record { get; set; }

    /// <summary>Measures the times that progress, metrics and log lines tell; nothing that is learned depends on it.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Overlapped stages run when they are begun, on the thread that begins them: the same run without threads, to compare with.</summary>
    internal bool OverlapsOnOneThread { get; set; }

    internal int TorchThreads => Threads ?? 1;

    internal int LongestTrainingEpisode => Math.Min(TrainingEpisodeSteps ?? MaxEpisodeSteps, MaxEpisodeSteps);

    internal int ExplorationSteps => InitialExplorationSteps ?? Math.Clamp(Steps / 25, 250, 5000);

    /// <summary>What the run needs to know whatever its algorithm.</summary>
    /// <param name="environment">Its functions stand where the options have none.</param>
    internal HostSettings ToHostSettings(IEnvironment environment) => new()
    {
        Steps = Steps,
        EpochLength = EpochLength,
        ExplorationActionHold = ExplorationActionHold,
        ExplorationNoise = ExplorationNoise,
        MaxEpisodeSteps = MaxEpisodeSteps,
        TrainingEpisodeSteps = LongestTrainingEpisode,
        WholeEpisodeInterval = WholeEpisodeInterval,
        EvaluationEpisodes = EvaluationEpisodes,
        EvaluationEnvironment = EvaluationEnvironment,
        MoreEnvironments = MoreEnvironments,
        ModelReturnRollouts = ModelReturnRollouts,
        ModelReturnSteps = ModelReturnSteps,
        Termination = Termination ?? environment.Termination,
        Reward = Reward ?? environment.Reward,
        StepTimeout = StepTimeout,
        FailedEpisodes = FailedEpisodes,
        MaxFailedEpisodesInARow = MaxFailedEpisodesInARow,
        OverlapsEnvironment = Overlap == OverlappedStages.Environment,
        OverlapsOnOneThread = OverlapsOnOneThread,
        TorchThreads = TorchThreads,
        CancellationToken = CancellationToken,
        Progress = Progress,
        MetricsWriters = MetricsWriters,
        Checkpoints = Checkpoints,
        Clock = Clock,
    };

    internal virtual void Validate()
    {
        Check.AtLeast(1, Steps);
        Check.AtLeast(1, EpochLength);
        if (InitialExplorationSteps is { } exploration) Check.AtLeast(0, exploration, nameof(InitialExplorationSteps));
        Check.AtLeast(1, ExplorationActionHold);
        Check.Defined(ExplorationNoise);
        Check.AtLeast(1, RealPoolCapacity);
        Check.AtLeast(1, MaxEpisodeSteps);
        if (TrainingEpisodeSteps is { } training) Check.AtLeast(1, training, nameof(TrainingEpisodeSteps));
        if (WholeEpisodeInterval is { } whole) Check.AtLeast(1, whole, nameof(WholeEpisodeInterval));
        Check.AtLeast(0, EvaluationEpisodes);
        Check.Within(1, MostEnvironments, EnvironmentsAtOnce);
        ArgumentNullException.ThrowIfNull(MoreEnvironments);
        Check.AtLeast(0, ModelReturnRollouts);
        Check.AtLeast(1, ModelReturnSteps);
        if (StepTimeout is { } timeout) WatchedEnvironment.Validate(timeout, nameof(StepTimeout));
        if (!Enum.IsDefined(FailedEpisodes))
            throw new ArgumentOutOfRangeException(
                nameof(FailedEpisodes), FailedEpisodes, $"FailedEpisodes must be one of {string.Join(", ", Enum.GetNames<FailedEpisodes>())}.");
        Check.AtLeast(1, MaxFailedEpisodesInARow);
        ArgumentNullException.ThrowIfNull(Columns);
        TransitionColumns.Checked(Columns);
        if (!Enum.IsDefined(Overlap))
            throw new ArgumentOutOfRangeException(nameof(Overlap), Overlap, $"Overlap must be one of {string.Join(", ", Enum.GetNames<OverlappedStages>())}.");
        if (Threads is { } threads) Check.AtLeast(1, threads, nameof(Threads));
        Devices.Validate(Device);
        if (Record is null) Checkpoints?.Validate();
        else Checkpoints?.ValidateWithoutFolder();
        ArgumentNullException.ThrowIfNull(MetricsWriters);
        if (MetricsWriters.Any(writer => writer is null))
            throw new ArgumentException("A metrics writer is null; leave it out instead.", nameof(MetricsWriters));
    }

    /// <summary>Steps of random exploration that a run begins with.</summary>
    /// <param name="transitions">Real transitions that there are already.</param>
    /// <param name="needsModel">Whether a dynamics model is fitted after those steps.</param>
    /// <exception cref="ArgumentException">They leave no step for the policy, or no transition for the model.</exception>
    internal int FirstPolicyStep(long transitions, bool needsModel)
    {
        var steps = (int)Math.Max(0, ExplorationSteps - transitions);
        if (steps >= Steps)
            throw new ArgumentException(
                Invariant($"All {Steps} steps would be random exploration ({steps} steps). Give more steps, or set InitialExplorationSteps below them."));
        if (steps + transitions < 2 && needsModel)
            throw new ArgumentException(
                "The model needs at least 2 transitions before its first fit. Set InitialExplorationSteps to 2 or more, or give logged transitions.");
        return steps;
    }

    /// <summary>Gives the options of another algorithm's run everything that a run of any algorithm is told.</summary>
    internal void CopyRunTo(TrainingOptions to)
    {
        foreach (var option in typeof(TrainingOptions).GetProperties().Where(option => option.SetMethod is { IsPublic: true }))
            option.SetValue(to, option.GetValue(this));
    }

    internal TrainingOptions Copied()
    {
        var copy = (TrainingOptions)MemberwiseClone();
        copy.MetricsWriters = [.. MetricsWriters];
        copy.MoreEnvironments = [.. MoreEnvironments];
        copy.Checkpoints = Checkpoints?.Copy();
        return copy;
    }
}
