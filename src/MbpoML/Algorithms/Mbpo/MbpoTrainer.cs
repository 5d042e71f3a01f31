using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Mbpo.Trust;
using MbpoML.Components;
using MbpoML.Dynamics.Adapters;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using MbpoML.Training.Presets;
using Microsoft.ML;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>Model-Based Policy Optimization (Janner, Fu, Zhang, Levine, "When to Trust Your Model", NeurIPS 2019): from an environment to a policy.</summary>
/// <remarks>
/// Chains three stages per epoch: fit a dynamics model to the real transitions, branch short imagined rollouts off real states, optimize the policy on both.
/// Made by <c>Mbpo</c> of <see cref="ReinforcementCatalog"/>.
/// </remarks>
public sealed partial class MbpoTrainer : IPolicyTrainer
{
    private readonly ComponentContext _context;
    private readonly Options _options;
    // An estimator of ML.NET, or a maker of learners.
    private readonly object _dynamics;
    private readonly BranchedRollouts _rollouts;
    private readonly IPolicyEstimator _policy;
    private readonly TrainingRuns _runs;

    internal MbpoTrainer(
        ComponentContext context, IEnvironment environment, Options options, object dynamics, BranchedRollouts rollouts, IPolicyEstimator policy)
    {
        (_context, _dynamics, _rollouts, _policy) = (context, dynamics, rollouts, policy);
        var stages = new Dictionary<string, object> { ["dynamics"] = dynamics, ["rollouts"] = rollouts, ["policy"] = policy };
        _runs = new TrainingRuns(context, environment, options, stages, Create, nameof(MbpoTrainer))
        {
            Advice = algorithm => new MbpoAdvice(_options!, _options!.ToMbpoSettings(rollouts.Settings, isSaved: false), dynamics, policy, algorithm.UsesModel,
                System.Environment.ProcessorCount),
            DescribeOptions = DescribeOptions,
            NeedsModel = options.RealRowsPerBatch < options.BatchSize || policy.AsksModel,
        };
        _options = (Options)_runs.Options;
        if (_options.UpdatesFollowPool && !rollouts.Settings.DropsByAge)
            throw new ArgumentException(
                "UpdatesFollowPool is true, but DropsByAge of the rollouts is false: the pool of imagined transitions would fill up however few of them are " +
                    "kept. Set BranchedRollouts.Options.DropsByAge as well.", nameof(options));
    }

    /// <summary>Trains a policy from nothing but the environment.</summary>
    /// <exception cref="TrainingCanceledException">The run was cancelled through the options' token; the exception holds the policy so far.</exception>
    /// <exception cref="TrainingFailedException">
    /// The run had begun and failed. The exception holds the last good policy. Its inner exception is the cause. An <see cref="EnvironmentException"/> names
    /// episode and step, and a <see cref="LearningException"/> names the quantity. A <see cref="CheckpointException"/> says that a checkpoint could not be
    /// written. Any other is what a stage, a schedule, a function, a metrics writer or the receiver of progress threw.
    /// </exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="ArgumentException">All steps would be exploration, or the model would have fewer than 2 transitions at its first fit.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, a stage makes no learner that can be used, or
    /// <see cref="TrainingOptions.Record"/> gives no recording.</exception>
    public PolicyTransformer Fit() => Train().Policy;

    /// <summary>Trains a policy from the environment, warmed up with logged transitions: they fill the real pool and count as random exploration.</summary>
    /// <param name="input">Transitions in the columns of <see cref="TrainingOptions.Columns"/>, actions in the environment's units.</param>
    /// <exception cref="ArgumentException">The transitions do not fit the environment.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit()"/>.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit()"/>.</exception>
    public PolicyTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Train(input).Policy;
    }

    /// <summary>Trains like <see cref="Fit()"/>, and also gives the metrics of every epoch.</summary>
    /// <param name="loggedTransitions">Transitions to warm up with, or null.</param>
    /// <exception cref="InvalidOperationException">This trainer is already training on another thread, or a stage makes no learner that can be
    /// used.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column of the logged transitions is missing.</exception>
    /// <exception cref="ArgumentException">They do not fit the environment, hold a value that is not finite, or the options leave nothing to learn
    /// from.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    public TrainingReport Train(IDataView? loggedTransitions = null) => _runs.Train(loggedTransitions);

    /// <summary>
    /// Goes on with a run that was stopped, as if it had never been: with the same number of threads on the same machine every metric but the times, and every
    /// weight, is the same.
    /// </summary>
    /// <remarks>
    /// The settings must be those of the stopped run, except for <see cref="TrainingOptions.Steps"/> (more steps), devices, threads, workers, the acceleration,
    /// and where progress, metrics and checkpoints go. An environment that is no <see cref="IStatefulEnvironment"/> begins a new episode; the log and the
    /// metric "training/cut-episodes" say so.
    /// </remarks>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names them.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, or the policy learner is no <see cref="ISaved"/>.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    public TrainingReport Resume(string path) => _runs.Resume(path);

    /// <summary>Opens a checkpoint to look at what the run held: policy, model and transitions. Nothing is trained or written.</summary>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names them.</exception>
    /// <exception cref="InvalidOperationException">The policy learner is no <see cref="ISaved"/>.</exception>
    public TrainingSnapshot Open(string path) => _runs.Open(path, (algorithm, transitions, counters) =>
        new TrainingSnapshot(algorithm, ((MbpoLoop)algorithm).State, transitions, counters, _options.Columns, _options.TorchThreads));

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column that the policy estimator reads is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _policy.GetOutputSchema(inputSchema);

    /// <summary>
    /// Checks what <see cref="Fit()"/> asks of the options before its first step, without making the learners: for programs that write files before they train.
    /// </summary>
    /// <exception cref="ArgumentException">The options leave nothing to learn from.</exception>
    public void CheckBeginning() => _runs.CheckBeginning();

    private MbpoLoop Create(AlgorithmSetup setup)
    {
        var settings = _options.ToMbpoSettings(_rollouts.Settings.ForRun(), setup.IsSaved);
        var dynamics = DynamicsPlug.CreateLearner(_dynamics, setup.Layout, Seeds.Derive(setup.Seed, "dynamics"), _options.Columns, _options.Device);
        IPolicyLearner? policy = null;
        MbpoParts? parts = null;
        try
        {
            policy = _policy.CreateLearner(setup.Layout, setup.ActionSpace, Seeds.Derive(setup.Seed, "policy"), _options.Device)
                ?? throw new InvalidOperationException($"CreateLearner of {_policy.GetType().Name} returned null.");
            if (setup.IsSaved && policy is not ISaved)
            {
                throw new InvalidOperationException(
                    $"Checkpoints need a policy learner whose state can be saved, but {policy.GetType().Name} is no {nameof(ISaved)}: implement it, or " +
                        "train without checkpoints.");
            }

            parts = new MbpoParts(setup, settings, policy, dynamics);
            return new MbpoLoop(settings, parts, settings.Rollouts.Schedule.NeedsTrust && parts.Feed.UsesImagined
                ? new TrustMeter(_context, parts, setup.Seed) : null);
        }
        catch
        {
            // The parts own the learners once they are made.
            if (parts is null)
            {
                policy?.Dispose();
                dynamics.Dispose();
            }

            parts?.Dispose();
            throw;
        }
    }

    // In the words of a preset, which takes them back: of stages of other makers, none.
    private Dictionary<string, string> DescribeOptions(TrainingOptions options)
    {
        List<(string, object)> owners = [(nameof(MbpoPreset.Trainer), options)];
        if (_dynamics is IStage { Options: ProbabilisticEnsembleTrainer.Options ensemble }) owners.Add((nameof(MbpoPreset.Dynamics), ensemble));
        owners.Add((nameof(MbpoPreset.Rollouts), _rollouts.Settings));
        if (_policy is IStage { Options: SoftActorCriticTrainer.Options sac }) owners.Add((nameof(MbpoPreset.Policy), sac));
        return PresetOption.Of(owners).ToDictionary(option => option.Path, option => option.Text);
    }
}
