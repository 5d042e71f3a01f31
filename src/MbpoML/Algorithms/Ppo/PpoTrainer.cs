using MbpoML.Algorithms.Mbpo;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms.Ppo;

/// <summary>
/// Proximal policy optimization of an environment, without a model (J. Schulman, F. Wolski, P. Dhariwal, A. Radford and O. Klimov, arXiv:1707.06347): the
/// baseline that learns from its own steps alone.
/// </summary>
/// <remarks>Made by <c>rl.Ppo</c>.</remarks>
public sealed partial class PpoTrainer : IPolicyTrainer
{
    private readonly Options _options;
    private readonly IPolicyEstimator _policy;
    private readonly TrainingRuns _runs;

    internal PpoTrainer(ComponentContext context, IEnvironment environment, Options options, IPolicyEstimator policy)
    {
        _policy = policy;
        _runs = new TrainingRuns(context, environment, options, new Dictionary<string, object> { ["policy"] = policy }, Create, nameof(PpoTrainer));
        _options = (Options)_runs.Options;
    }

    /// <summary>Trains a policy from nothing but the environment.</summary>
    /// <returns>The policy; the caller disposes it.</returns>
    /// <exception cref="TrainingCanceledException">The run was cancelled through the options' token; the exception holds the policy so far.</exception>
    /// <exception cref="TrainingFailedException">The run had begun and failed. The exception holds the last good policy, and as inner exception the
    /// cause.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="ArgumentException">All steps would be exploration.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, or the policy estimator makes no learner of whole episodes.</exception>
    public PolicyTransformer Fit() => Train().Policy;

    /// <summary>Not available: PPO learns from the steps of its own policy only.</summary>
    /// <param name="input">A view of logged transitions; not looked at.</param>
    /// <exception cref="NotSupportedException">Always, with what to do instead.</exception>
    public PolicyTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Train(input).Policy;
    }

    /// <summary>Trains like <see cref="Fit()"/>, and also gives the metrics of every epoch.</summary>
    /// <param name="loggedTransitions">Null: PPO learns from the steps of its own policy only.</param>
    /// <exception cref="NotSupportedException">Logged transitions were given.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training on another thread, or the policy estimator makes no learner of whole
    /// episodes.</exception>
    /// <exception cref="ArgumentException">All steps would be exploration.</exception>
    /// <exception cref="CheckpointException">The folder of the checkpoints already has some.</exception>
    /// <exception cref="TrainingCanceledException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    /// <exception cref="TrainingFailedException">As for <see cref="Fit()"/>; the exception holds the report so far.</exception>
    public TrainingReport Train(IDataView? loggedTransitions = null) => loggedTransitions is null
        ? _runs.Train(null)
        : throw new NotSupportedException(
            "PPO learns from the steps of its own policy only, so that logged transitions are of no use to it. rl.Policies.Proximal().Fit(transitions) " +
                "learns from them through a model, and rl.Mbpo takes them as data.");

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

    /// <summary>Opens a checkpoint to look at what the run held: policy and transitions. Nothing is trained or written.</summary>
    /// <param name="path">The folder of the checkpoints, of which the newest whole one is taken, or one file of it.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is of a run with other settings; the message names them.</exception>
    /// <exception cref="InvalidOperationException">The policy learner is no <see cref="ISaved"/>.</exception>
    public TrainingSnapshot Open(string path) => _runs.Open(path, (algorithm, transitions, counters) =>
        new TrainingSnapshot(algorithm, ((PpoLoop)algorithm).State, transitions, counters, _options.Columns, _options.TorchThreads));

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column that the policy estimator reads is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _policy.GetOutputSchema(inputSchema);

    /// <summary>Checks what <see cref="Fit()"/> asks of the options before its first step, without making the learner.</summary>
    /// <exception cref="ArgumentException">The options leave nothing to learn from.</exception>
    public void CheckBeginning() => _runs.CheckBeginning();

    private PpoLoop Create(AlgorithmSetup setup)
    {
        var policy = EpisodeLearners.Create(_policy, setup, "PPO", _options.Device);
        return new PpoLoop(_options.StepsPerUpdate, new PpoParts(setup, policy, _options.StepsPerUpdate));
    }
}
