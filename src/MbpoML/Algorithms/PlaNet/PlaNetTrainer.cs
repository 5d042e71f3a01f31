using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Pets;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Random;
using MbpoML.Planning;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms.PlaNet;

/// <summary>
/// PlaNet, "Learning Latent Dynamics for Planning from Pixels" (D. Hafner et al., ICML 2019, arXiv:1811.04551): a latent model learns from frames, and each
/// action is planned in its imagination.
/// </summary>
/// <remarks>
/// Made by <c>rl.PlaNet</c>. <see cref="Fit"/> gives a transformer whose belief is a column. The policy of <see cref="Train"/> takes each row for the first of
/// an episode, and carries its belief on in an environment.
/// </remarks>
public sealed partial class PlaNetTrainer : IPolicyTrainer
{
    private readonly ComponentContext _context;
    private readonly Options _options;
    private readonly ILatentDynamicsEstimator _dynamics;
    private readonly IActionSequenceOptimizer _optimizer;
    private readonly PlanningTransformer.Options _planner;
    private readonly FrameShape _frames;
    private readonly TrainingRuns _runs;

    internal PlaNetTrainer(
        ComponentContext context, IEnvironment environment, Options options, ILatentDynamicsEstimator dynamics, IActionSequenceOptimizer optimizer,
        PlanningTransformer.Options planner)
    {
        environment.RequireSpaces();
        planner.Validate();
        options.Validate();
        (_context, _dynamics, _optimizer, _planner, _frames) = (context, dynamics, optimizer, planner.Copy(), FramesOf(environment));
        var stages = new Dictionary<string, object>
        {
            ["dynamics"] = dynamics,
            ["planner"] = new PlannerStage(_planner),
            [PlannerStage.NameOf(optimizer)] = optimizer,
        };
        _runs = new TrainingRuns(context, environment, options.WithSeedSteps(environment.MaxEpisodeSteps), stages, Create, nameof(PlaNetTrainer));
        _options = (Options)_runs.Options;
        PlanningPolicy.CheckFit(environment.ActionSpace, optimizer, _planner);
        CheckChunks(environment);
    }

    /// <summary>Trains from nothing but the environment.</summary>
    /// <returns>The planner with the model as last fitted, whose belief is a column; the caller disposes it.</returns>
    /// <exception cref="TrainingCanceledException">The run was cancelled through the options' token; the exception holds the planner so far.</exception>
    /// <exception cref="TrainingFailedException">The run had begun and failed. The exception holds the planner so far, and as inner exception the
    /// cause.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="ArgumentException">All steps would be exploration, or the layers of the model do not fit the frames.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, the dynamics estimator makes no learner, or one that cannot be saved
    /// where checkpoints are asked for.</exception>
    public LatentPlanningTransformer Fit()
    {
        using var policy = Train().Policy;
        return LatentPlanningTransformer.Of(policy);
    }

    PolicyTransformer IPolicyTrainer.Fit() => Train().Policy;

    PolicyTransformer IEstimator<PolicyTransformer>.Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Train(input).Policy;
    }

    /// <summary>Trains, and gives the metrics of every epoch.</summary>
    /// <param name="loggedTransitions">Must be null: transitions are no episodes, which is what the model learns from.</param>
    /// <exception cref="InvalidOperationException">This trainer is already training on another thread, the dynamics estimator makes no learner, or one that
    /// cannot be saved where checkpoints are asked for.</exception>
    /// <exception cref="ArgumentException">Logged transitions are given, the layers of the model do not fit the frames, or all steps would be
    /// exploration.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit"/>; the exception holds the report so far.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit"/>; the exception holds the report so far.</exception>
    public TrainingReport Train(IDataView? loggedTransitions = null) => loggedTransitions is null
        ? _runs.Train(null)
        : throw new ArgumentException(
            "PlaNet learns from whole episodes of frames and cannot be warmed up with transitions; leave loggedTransitions out.", nameof(loggedTransitions));

    /// <summary>
    /// Goes on with a run that was stopped, as if it had never been: on the same machine every metric but the times, and every weight, is the same.
    /// </summary>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names them.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit"/>; the exception holds the report so far.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit"/>; the exception holds the report so far.</exception>
    public TrainingReport Resume(string path) => _runs.Resume(path);

    /// <summary>Opens a checkpoint to look at what the run held: the planner with its model. Nothing is trained or written.</summary>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names them.</exception>
    public TrainingSnapshot Open(string path) => _runs.Open(path, (algorithm, transitions, counters) =>
        new TrainingSnapshot(algorithm, ((PlaNetLoop)algorithm).State, transitions, counters, _options.Columns, _options.TorchThreads));

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        inputSchema.RequireFloats(_options.Columns.Observation);
        return inputSchema.With(SchemaShapes.Vector(_context.ML, TransitionColumns.DefaultAction));
    }

    /// <summary>Checks what <see cref="Fit"/> asks of the options before its first step, without making the learner.</summary>
    /// <exception cref="ArgumentException">The options leave nothing to learn from.</exception>
    public void CheckBeginning() => _runs.CheckBeginning();

    /// <summary>The frames that an environment shows, through wrappers that leave them as they are.</summary>
    /// <exception cref="ArgumentException">Its observations are no frames.</exception>
    internal static FrameShape FramesOf(IEnvironment environment) => environment.FindFrameShape() ?? throw new ArgumentException(
        $"{environment.GetType().Name} is not observed as pictures, which PlaNet learns from: it does not implement {nameof(IPixelEnvironment)}. Wrap a " +
        $"task that draws itself by {nameof(EnvironmentExtensions.WithPixels)}, as in environment.WithPixels(32, 32, gray: true).",
        nameof(environment));

    // Found when the first chunk is drawn, it would cost all random episodes.
    private void CheckChunks(IEnvironment environment)
    {
        if (_dynamics is not RecurrentStateSpaceTrainer { ChunkLength: var length }) return;
        var steps = Math.Min(_options.LongestTrainingEpisode, environment.MaxEpisodeSteps ?? int.MaxValue);
        if (length - 1 > steps)
            throw new ArgumentException(
                Invariant($"The model learns from chunks of {length} frames, but an episode of {environment.GetType().Name} has at most {steps} steps and ") +
                Invariant($"{steps + 1L} frames: set ChunkLength of the dynamics to {steps + 1L} or less."), nameof(environment));
    }

    private PlaNetLoop Create(AlgorithmSetup setup)
    {
        var learner = _dynamics.CreateLearner(_frames, setup.ActionSpace, Seeds.Derive(setup.Seed, "dynamics"), _options.Device)
            ?? throw new InvalidOperationException($"CreateLearner of {_dynamics.GetType().Name} returned null.");
        try
        {
            if (setup.IsSaved && learner is not ISaved)
                throw new InvalidOperationException(
                    $"Checkpoints need a learner of the latent model whose state can be saved, but {learner.GetType().Name} is no {nameof(ISaved)}: " +
                    "implement it, or train without checkpoints.");
            return new PlaNetLoop(
                _context, _options.UpdatesPerFit, _options.ModelTrainingInterval, countsReturns: _options.EvaluationEpisodes == 0,
                new PlaNetParts(setup, _frames, learner, _optimizer, _planner.ForRun(), _options.ActionNoise));
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }
}
