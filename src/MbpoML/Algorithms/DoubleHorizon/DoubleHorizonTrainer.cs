using MbpoML.Algorithms.Mbpo;
using MbpoML.Components;
using MbpoML.Dynamics.Adapters;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms.DoubleHorizon;

/// <summary>
/// Double-horizon MBPO (A. Kubo, P. Parmas and S. Ishii, TMLR 2025, arXiv:2512.15439): the policy is improved through the model, along short differentiable
/// rollouts, from states that long rollouts refresh.
/// </summary>
/// <remarks>One update for each real step is enough. Made by <c>rl.DoubleHorizonMbpo</c>.</remarks>
public sealed partial class DoubleHorizonTrainer : IPolicyTrainer
{
    private readonly Options _options;
    // An estimator of ML.NET, or a maker of learners.
    private readonly object _dynamics;
    private readonly DistributionRollouts _rollouts;
    private readonly IPolicyEstimator _policy;
    private readonly TrainingRuns _runs;

    internal DoubleHorizonTrainer(
        ComponentContext context, IEnvironment environment, Options options, object dynamics, DistributionRollouts rollouts, IPolicyEstimator policy)
    {
        (_dynamics, _rollouts, _policy) = (dynamics, rollouts, policy);
        var stages = new Dictionary<string, object> { ["dynamics"] = dynamics, ["rollouts"] = rollouts, ["policy"] = policy };
        _runs = new TrainingRuns(context, environment, options, stages, Create, nameof(DoubleHorizonTrainer)) { NeedsModel = true };
        _options = (Options)_runs.Options;
    }

    /// <summary>Trains a policy from nothing but the environment.</summary>
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
        new TrainingSnapshot(algorithm, ((DoubleHorizonLoop)algorithm).State, transitions, counters, _options.Columns, _options.TorchThreads));

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column that the policy estimator reads is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _policy.GetOutputSchema(inputSchema);

    /// <summary>Checks what <see cref="Fit()"/> asks of the options before its first step, without making the learners.</summary>
    /// <exception cref="ArgumentException">The options leave nothing to learn from.</exception>
    public void CheckBeginning() => _runs.CheckBeginning();

    private DoubleHorizonLoop Create(AlgorithmSetup setup)
    {
        var settings = _options.ToSettings(_rollouts.Settings.ForRun(), setup.IsSaved);
        var dynamics = DynamicsPlug.CreateLearner(_dynamics, setup.Layout, Seeds.Derive(setup.Seed, "dynamics"), _options.Columns, _options.Device);
        IPolicyLearner? policy = null;
        try
        {
            policy = _policy.CreateLearner(setup.Layout, setup.ActionSpace, Seeds.Derive(setup.Seed, "policy"), _options.Device)
                ?? throw new InvalidOperationException($"CreateLearner of {_policy.GetType().Name} returned null.");
            if (policy is not IStartStateLearner learner)
                throw new InvalidOperationException(
                    $"Double-horizon MBPO needs a policy learner that imagines from start states, but {policy.GetType().Name} is no " +
                        $"{nameof(IStartStateLearner)}: take rl.Policies.ValueGradient.");
            if (_options.AssessesPolicies && policy is not IPolicyKeeper)
                throw new InvalidOperationException(
                    $"{nameof(Options.AssessesPolicies)} needs a policy learner that can keep a policy, but {policy.GetType().Name} is no " +
                        $"{nameof(IPolicyKeeper)}: implement it, or switch the option off.");
            if (setup.IsSaved && policy is not ISaved)
                throw new InvalidOperationException(
                    $"Checkpoints need a policy learner whose state can be saved, but {policy.GetType().Name} is no {nameof(ISaved)}: implement it, or " +
                        "train without checkpoints.");
            return new DoubleHorizonLoop(settings, new DoubleHorizonParts(setup, settings, learner, dynamics));
        }
        catch
        {
            policy?.Dispose();
            dynamics.Dispose();
            throw;
        }
    }
}
