using MbpoML.Algorithms.Mbpo;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Adapters;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Planning;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms.Pets;

/// <summary>
/// PETS, "Deep Reinforcement Learning in a Handful of Trials using Probabilistic Dynamics Models" (K. Chua et al., NeurIPS 2018, arXiv:1805.12114): no policy
/// is learned; each action is planned with an ensemble that is fitted after each episode.
/// </summary>
/// <remarks>Made by <c>rl.Pets</c>. The policy that comes out is the planner with its model.</remarks>
public sealed partial class PetsTrainer : IPolicyTrainer
{
    private readonly ComponentContext _context;
    private readonly Options _options;
    // An estimator of ML.NET, or a maker of learners.
    private readonly object _dynamics;
    private readonly IActionSequenceOptimizer _optimizer;
    private readonly PlanningTransformer.Options _planner;
    private readonly TrainingRuns _runs;

    internal PetsTrainer(
        ComponentContext context, IEnvironment environment, Options options, object dynamics, IActionSequenceOptimizer optimizer,
        PlanningTransformer.Options planner)
    {
        planner.Validate();
        (_context, _dynamics, _optimizer, _planner) = (context, dynamics, optimizer, planner.Copy());
        var stages = new Dictionary<string, object>
        {
            ["dynamics"] = dynamics,
            ["planner"] = new PlannerStage(_planner),
            [PlannerStage.NameOf(optimizer)] = optimizer,
        };
        _runs = new TrainingRuns(context, environment, options, stages, Create, nameof(PetsTrainer)) { NeedsModel = true };
        _options = (Options)_runs.Options;
        PlanningPolicy.CheckFit(environment.ActionSpace, optimizer, _planner);
    }

    /// <summary>Trains from nothing but the environment.</summary>
    /// <returns>The planner with the model as last fitted; the caller disposes it.</returns>
    /// <exception cref="TrainingCanceledException">The run was cancelled through the options' token; the exception holds the planner so far.</exception>
    /// <exception cref="TrainingFailedException">The run had begun and failed. The exception holds the planner so far, and as inner exception the
    /// cause.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="ArgumentException">All steps would be exploration, or the model would have fewer than 2 transitions at its first fit.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, or the dynamics estimator makes no learner.</exception>
    public PolicyTransformer Fit() => Train().Policy;

    /// <summary>Trains, warmed up with logged transitions, which count towards the random exploration.</summary>
    /// <param name="input">The transitions, in the columns of <see cref="TrainingOptions.Columns"/>.</param>
    /// <returns>The planner with the model as last fitted; the caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="Train"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column of the logged transitions is missing.</exception>
    /// <exception cref="ArgumentException">They do not fit the environment, hold a value that is not finite, or the options leave nothing to learn
    /// from.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit()"/>.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit()"/>.</exception>
    public PolicyTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Train(input).Policy;
    }

    /// <summary>Trains, and gives the metrics of every epoch.</summary>
    /// <param name="loggedTransitions">Transitions to warm up with, in the columns of <see cref="TrainingOptions.Columns"/>, or null.</param>
    /// <exception cref="InvalidOperationException">This trainer is already training on another thread, or the dynamics estimator makes no
    /// learner.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column of the logged transitions is missing.</exception>
    /// <exception cref="ArgumentException">They do not fit the environment, hold a value that is not finite, or the options leave nothing to learn
    /// from.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    public TrainingReport Train(IDataView? loggedTransitions = null) => _runs.Train(loggedTransitions);

    /// <summary>
    /// Goes on with a run that was stopped, as if it had never been: on the same machine every metric but the times, and every weight, is the same.
    /// </summary>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names them.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    public TrainingReport Resume(string path) => _runs.Resume(path);

    /// <summary>Opens a checkpoint to look at what the run held: planner, model and transitions. Nothing is trained or written.</summary>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names them.</exception>
    public TrainingSnapshot Open(string path) => _runs.Open(path, (algorithm, transitions, counters) =>
        new TrainingSnapshot(algorithm, ((PetsLoop)algorithm).State, transitions, counters, _options.Columns, _options.TorchThreads));

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        inputSchema.RequireFloats(_options.Columns.Observation);
        return inputSchema.With(SchemaShapes.Vector(_context.ML, TransitionColumns.DefaultAction));
    }

    /// <summary>Checks what <see cref="Fit()"/> asks of the options before its first step, without making the learner.</summary>
    /// <exception cref="ArgumentException">The options leave nothing to learn from.</exception>
    public void CheckBeginning() => _runs.CheckBeginning();

    private PetsLoop Create(AlgorithmSetup setup) => new(
        _context, _options.ModelTrainingInterval, countsReturns: _options.EvaluationEpisodes == 0,
        new PetsParts(setup, () => Learner(setup), _optimizer, _planner.ForRun()));

    private IDynamicsLearner Learner(AlgorithmSetup setup) =>
        DynamicsPlug.CreateLearner(_dynamics, setup.Layout, Seeds.Derive(setup.Seed, "dynamics"), _options.Columns, _options.Device);
}
