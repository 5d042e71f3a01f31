using MbpoML.Algorithms.Mbpo;
using MbpoML.Components;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Adapters;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms.MeTrpo;

/// <summary>
/// ME-TRPO, "Model-ensemble trust-region policy optimization" (T. Kurutach, I. Clavera, Y. Duan, A. Tamar and P. Abbeel, ICLR 2018, arXiv:1802.10592): a policy
/// learns by trust region steps from episodes that an ensemble imagines, as long as most of its members agree that it gets better.
/// </summary>
/// <remarks>Made by <c>rl.MeTrpo</c>.</remarks>
public sealed partial class MeTrpoTrainer : IPolicyTrainer
{
    private readonly Options _options;
    // An estimator of ML.NET, or a maker of learners.
    private readonly object _dynamics;
    private readonly EpisodeRollouts _rollouts;
    private readonly IPolicyEstimator _policy;
    private readonly TrainingRuns _runs;

    internal MeTrpoTrainer(
        ComponentContext context, IEnvironment environment, Options options, object dynamics, EpisodeRollouts rollouts, IPolicyEstimator policy)
    {
        (_dynamics, _rollouts, _policy) = (dynamics, rollouts, policy);
        var stages = new Dictionary<string, object> { ["dynamics"] = dynamics, ["rollouts"] = rollouts, ["policy"] = policy };
        _runs = new TrainingRuns(context, environment, options, stages, Create, nameof(MeTrpoTrainer)) { NeedsModel = true };
        _options = (Options)_runs.Options;
        // Found at the first fit, it would cost an iteration.
        if (rollouts.Settings.Starts == StartStates.Resets && environment.AsStateful() is null && _options.EvaluationEnvironment is null)
            throw new ArgumentException(
                $"Imagined episodes begin where {environment.GetType().Name} is reset, but it does not implement {nameof(IStatefulEnvironment)}, so that a " +
                $"reset would cut the training episode under way: set Starts of the rollouts to {nameof(StartStates.Episodes)}, or give an " +
                "EvaluationEnvironment.",
                nameof(environment));
    }

    /// <summary>Trains a policy from nothing but the environment.</summary>
    /// <returns>The policy; the caller disposes it.</returns>
    /// <exception cref="TrainingCanceledException">The run was cancelled through the options' token; the exception holds the policy so far.</exception>
    /// <exception cref="TrainingFailedException">The run had begun and failed. The exception holds the last good policy, and as inner exception the
    /// cause.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="ArgumentException">All steps would be exploration, or the model would have fewer than 2 transitions at its first fit.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, or a stage makes no learner that can be used.</exception>
    public PolicyTransformer Fit() => Train().Policy;

    /// <summary>Trains a policy from the environment, warmed up with logged transitions: they fill the real pool and count as random exploration.</summary>
    /// <param name="input">Transitions in the columns of <see cref="TrainingOptions.Columns"/>, actions in the environment's units.</param>
    /// <exception cref="ArgumentException">The transitions do not fit the environment.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column of the logged transitions is missing.</exception>
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
    /// Goes on with a run that was stopped, as if it had never been: on the same machine every metric but the times, and every weight, is the same.
    /// </summary>
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
        new TrainingSnapshot(algorithm, ((MeTrpoLoop)algorithm).State, transitions, counters, _options.Columns, _options.TorchThreads));

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column that the policy estimator reads is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _policy.GetOutputSchema(inputSchema);

    /// <summary>Checks what <see cref="Fit()"/> asks of the options before its first step, without making the learners.</summary>
    /// <exception cref="ArgumentException">The options leave nothing to learn from.</exception>
    public void CheckBeginning() => _runs.CheckBeginning();

    private MeTrpoLoop Create(AlgorithmSetup setup)
    {
        var policy = EpisodeLearners.Create(_policy, setup, "ME-TRPO", _options.Device);
        IDynamicsLearner? dynamics = null;
        try
        {
            if (policy is not IParameterizedLearner)
                throw new InvalidOperationException(
                    $"ME-TRPO goes back to policies and disturbs them, but {policy.GetType().Name} is no {nameof(IParameterizedLearner)}: implement it, or " +
                        "take rl.Policies.TrustRegion.");
            dynamics = DynamicsPlug.CreateLearner(_dynamics, setup.Layout, Seeds.Derive(setup.Seed, "dynamics"), _options.Columns, _options.Device);
            return new MeTrpoLoop(_options.StepsPerIteration, new MeTrpoParts(setup, _options.ToSettings(_rollouts.Settings), policy, dynamics));
        }
        catch
        {
            dynamics?.Dispose();
            policy.Dispose();
            throw;
        }
    }
}
