using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Rollouts;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Logging;
using Microsoft.ML;

namespace MbpoML.Training;

/// <summary>Model-Based Policy Optimization (Janner, Fu, Zhang, Levine, "When to Trust Your Model", NeurIPS 2019): from an environment to a policy.</summary>
/// <remarks>
/// Chains three stages per epoch: fit a dynamics model to the real transitions, branch short imagined rollouts off real states, optimize the policy on both.
/// Made by <see cref="ReinforcementCatalog.Mbpo(IEnvironment, Options, IEstimator{ITransformer}, BranchedRollouts, IPolicyEstimator, IProgress{TrainingProgress})"/>.
/// </remarks>
public sealed partial class MbpoTrainer : IEstimator<PolicyTransformer>
{
    private readonly ComponentContext _context;
    private readonly IEnvironment _environment;
    private readonly Options _options;
    private readonly IEstimator<ITransformer> _dynamics;
    private readonly BranchedRollouts _rollouts;
    private readonly IPolicyEstimator _policy;
    private readonly int _seed;
    // Two runs at once would step one environment.
    private readonly ExclusiveUse _use = new(nameof(MbpoTrainer));

    internal MbpoTrainer(
        ComponentContext context, IEnvironment environment, Options options, IEstimator<ITransformer> dynamics, BranchedRollouts rollouts, IPolicyEstimator policy)
    {
        environment.RequireSpaces();
        options.Validate();
        RequireSameSizes(environment, options);
        if (!environment.ActionSpace.IsBounded)
            throw new ArgumentException("The environment's action space has an infinite bound, but a policy needs finite ones: give each action a lower and an upper bound.", nameof(environment));
        _ = new ActionBounds(environment.ActionSpace, nameof(environment));
        Devices.CheckAgreement(options.Device, (dynamics as ProbabilisticEnsembleTrainer)?.Device, "probabilistic ensemble");
        Devices.CheckAgreement(options.Device, (policy as SoftActorCriticTrainer)?.Device, "soft actor-critic");
        if (options.Overlaps(OverlappedStages.Model) && AsksModel(policy))
            throw new ArgumentException("Overlap has the model fitted beside the policy updates, but ValueExpansionSteps asks the model in each of them: leave out one of the two.", nameof(options));
        (_context, _environment, _options, _dynamics, _rollouts, _policy) = (context, environment, options.Copy(), dynamics, rollouts, policy);
        _seed = _options.Seed ?? context.NextSeed();
    }

    /// <summary>Trains a policy from nothing but the environment.</summary>
    /// <exception cref="TrainingCanceledException">The run was cancelled through the options' token; the exception holds the policy so far.</exception>
    /// <exception cref="TrainingFailedException">
    /// The run had begun and failed. The exception holds the last good policy, and as inner exception the cause: an <see cref="EnvironmentException"/>, whose message names episode and
    /// step; a <see cref="LearningException"/>, whose message names the quantity; a <see cref="CheckpointException"/> where a checkpoint could not be written; or what a stage, a schedule,
    /// a function, a metrics writer or the receiver of progress threw.
    /// </exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="ArgumentException">All steps would be exploration, or the model would have fewer than 2 transitions at its first fit.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, a stage makes no learner that can be used, or <see cref="Options.Record"/> gives no recording.</exception>
    public PolicyTransformer Fit() => Train().Policy;

    /// <summary>Trains a policy from the environment, warmed up with logged transitions: they fill the real pool and count as random exploration.</summary>
    /// <param name="input">Transitions in the columns of <see cref="Options.Columns"/>, actions in the environment's units.</param>
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
    /// <exception cref="InvalidOperationException">This trainer is already training on another thread.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column of the logged transitions is missing.</exception>
    /// <exception cref="ArgumentException">They do not fit the environment, hold a value that is not finite, or the options leave nothing to learn from.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    public TrainingReport Train(IDataView? loggedTransitions = null)
    {
        using var turn = _use.Enter();
        if (_options.Record is { } record)
        {
            // Before the record writes anything.
            if (loggedTransitions is null) CheckBeginning();
            return Recorded(record, _seed, resumedFrom: null, trainer => trainer.Train(loggedTransitions));
        }

        if (_options.Checkpoints is { } checkpoints && Checkpointing.Exists(checkpoints.Folder))
            throw new CheckpointException(
                $"There are checkpoints of another run in '{checkpoints.Folder}'. Go on with that run by Resume, or name another folder in Checkpoints.Folder.");
        return Run(_seed, state =>
        {
            if (loggedTransitions is not null) Warm(state, loggedTransitions);
            state.Begin(_options);
        });
    }

    /// <summary>Goes on with a run that was stopped, as if it had never been: with the same number of threads on the same machine every metric but the times, and every weight, is the same.</summary>
    /// <remarks>
    /// The settings must be those of the stopped run, except for <see cref="Options.Steps"/> (more steps), devices, threads, workers, the acceleration, and where progress,
    /// metrics and checkpoints go. An environment that is no <see cref="IStatefulEnvironment"/> begins a new episode; the log and the metric "training/cut-episodes" say so.
    /// </remarks>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names them.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, or the policy learner is no <see cref="IResumable"/>.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    public TrainingReport Resume(string path)
    {
        using var turn = _use.Enter();
        if (_options.Record is { } record) return Recorded(record, SeedOf(path), path, trainer => trainer.Resume(path));
        using var reader = Read(path);
        var seed = CheckSettings(reader);
        return Run(seed, state => state.Restore(reader), reader);
    }

    /// <summary>Opens a checkpoint to look at what the run held: policy, model and transitions. Nothing is trained or written.</summary>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names them.</exception>
    /// <exception cref="InvalidOperationException">The policy learner is no <see cref="IResumable"/>.</exception>
    public TrainingSnapshot Open(string path)
    {
        using var reader = Read(path);
        var state = NewState(CheckSettings(reader), isSaved: true);
        try
        {
            state.Restore(reader);
            state.UseModel(MbpoLoop.CreateGenerator(_environment, _options, _rollouts));
            return new TrainingSnapshot(state, _options.Columns, _options.TorchThreads);
        }
        catch (Exception exception)
        {
            state.Dispose();
            if (exception is CheckpointException) throw;
            throw reader.Damaged($"its content does not fit: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column that the policy estimator reads is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _policy.GetOutputSchema(inputSchema);

    /// <summary>Checks what <see cref="Fit()"/> asks of the options before its first step, without making the learners: for programs that write files before they train.</summary>
    /// <exception cref="ArgumentException">The options leave nothing to learn from.</exception>
    public void CheckBeginning() => _options.FirstPolicyStep(transitions: 0, needsModel: _options.ImaginedRowsPerBatch > 0 || AsksModel(_policy));

    private TrainingReport Run(int seed, Action<TrainingState> begin, CheckpointReader? resumed = null)
    {
        using var threads = TorchThreads.Use(_options.TorchThreads);
        using var state = NewState(seed, isSaved: _options.Checkpoints is not null || resumed is not null);
        using var loop = Prepare(state, seed, begin, resumed);
        if (resumed is not null) loop.ResumeWriters();
        return loop.Run();
    }

    private CheckpointReader Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Directory.Exists(path) ? new CheckpointFolder(path, keep: 1).OpenNewest(_context.CreateLogger("MbpoML.Training")) : new CheckpointReader(path);
    }

    private TrainingState NewState(int seed, bool isSaved)
    {
        var layout = new TransitionLayout(_environment.ObservationSpace.Size, _environment.ActionSpace.Size);
        var state = new TrainingState(_context, layout, _options, _dynamics, _rollouts, _policy, _environment.ActionSpace, seed);
        if (!isSaved || state.Policy is IResumable) return state;
        state.Dispose();
        throw new InvalidOperationException(
            $"Checkpoints need a policy learner whose state can be saved, but {state.Policy.GetType().Name} is no {nameof(IResumable)}: implement it, or train without checkpoints.");
    }

    private MbpoLoop Prepare(TrainingState state, int seed, Action<TrainingState> begin, CheckpointReader? resumed)
    {
        var settings = RunSettings.ToText(RunSettings.Of(_options, _environment, _dynamics, _rollouts, _policy));
        try
        {
            begin(state);
            return new MbpoLoop(_context, _environment, _options, _rollouts, state, seed, settings, resumed, new RunAdvice(_options, _dynamics, _policy, Environment.ProcessorCount));
        }
        catch (Exception exception) when (resumed is not null && exception is not CheckpointException)
        {
            throw resumed.Damaged($"its content does not fit: {exception.Message}", exception);
        }
    }

    private int SeedOf(string path)
    {
        using var reader = Read(path);
        return CheckSettings(reader);
    }

    // The seed of the stopped run.
    private int CheckSettings(CheckpointReader reader)
    {
        var differences = RunSettings.Differences(RunSettings.Of(_options, _environment, _dynamics, _rollouts, _policy), reader.Text("run/settings"));
        if (differences.Count > 0)
            throw new CheckpointException($"The checkpoint '{reader.FilePath}' is of a run with other settings: {string.Join("; ", differences)}. Resume it with the settings that it had.");
        var seed = reader.Integer("run/seed");
        if (seed is < int.MinValue or > int.MaxValue) throw reader.Damaged(Invariant($"its seed is {seed}"));
        if (_options.Seed is { } given && given != seed)
            throw new CheckpointException(
                Invariant($"The checkpoint '{reader.FilePath}' is of the seed {seed}, but Seed is {given}. Give that seed, or none."));
        return (int)seed;
    }

    private static bool AsksModel(IPolicyEstimator policy) => policy is SoftActorCriticTrainer { Settings.ValueExpansionSteps: > 0 };

    // Found at the first evaluation, it would cost an epoch.
    private static void RequireSameSizes(IEnvironment environment, Options options)
    {
        if (options.EvaluationEnvironment is not { } evaluation) return;
        evaluation.RequireSpaces($"{nameof(options)}.{nameof(options.EvaluationEnvironment)}");
        if (evaluation.ObservationSpace.Size != environment.ObservationSpace.Size || evaluation.ActionSpace.Size != environment.ActionSpace.Size)
            throw new ArgumentException(
                Invariant($"EvaluationEnvironment has {evaluation.ObservationSpace.Size} observations and {evaluation.ActionSpace.Size} actions, but the environment to train on has ") +
                Invariant($"{environment.ObservationSpace.Size} and {environment.ActionSpace.Size}."), nameof(options));
    }

    private void Warm(TrainingState state, IDataView logged)
    {
        using var table = TransitionReader.Read(logged, _options.Columns);
        if (table.Layout != state.RealPool.Layout)
            throw new ArgumentException(
                Invariant($"The logged transitions have {table.Layout.ObservationSize} observations and {table.Layout.ActionSize} actions, but the environment has ") +
                Invariant($"{state.RealPool.Layout.ObservationSize} and {state.RealPool.Layout.ActionSize}."), nameof(logged));
        state.RealPool.Append(table.Rows);
    }
}
