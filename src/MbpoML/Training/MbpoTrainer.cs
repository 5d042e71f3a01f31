using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Rollouts;
using Microsoft.ML;
using TorchSharp;

namespace MbpoML.Training;

/// <summary>Model-Based Policy Optimization (Janner, Fu, Zhang, Levine, "When to Trust Your Model", NeurIPS 2019): from an environment to a policy.</summary>
/// <remarks>
/// Chains three stages per epoch: fit a dynamics model to the real transitions, branch short imagined rollouts off real states, optimize the policy on both.
/// Made by <see cref="ReinforcementCatalog.Mbpo(IEnvironment, Options, IEstimator{ITransformer}, BranchedRollouts, IPolicyEstimator)"/>.
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
        Devices.CheckAgreement(options.Device, (dynamics as ProbabilisticEnsembleTrainer)?.Device, "probabilistic ensemble");
        Devices.CheckAgreement(options.Device, (policy as SoftActorCriticTrainer)?.Device, "soft actor-critic");
        (_context, _environment, _options, _dynamics, _rollouts, _policy) = (context, environment, options.Copy(), dynamics, rollouts, policy);
        _seed = _options.Seed ?? context.NextSeed();
    }

    /// <summary>Trains a policy from nothing but the environment.</summary>
    /// <exception cref="TrainingCanceledException">The options' token was cancelled; the exception holds the policy so far.</exception>
    /// <exception cref="EnvironmentException">The environment gave something that cannot be learned from; the message names episode and step.</exception>
    /// <exception cref="ArgumentException">All steps would be exploration, or the model would have fewer than 2 transitions at its first fit.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already training, or a stage gave nothing that can be used.</exception>
    public PolicyTransformer Fit() => Train().Policy;

    /// <summary>Trains a policy from the environment, warmed up with logged transitions: they fill the real pool and count as random exploration.</summary>
    /// <param name="input">Transitions in the columns of <see cref="Options.Columns"/>, actions in the environment's units.</param>
    /// <exception cref="ArgumentException">The transitions do not fit the environment.</exception>
    /// <exception cref="TrainingCanceledException">The options' token was cancelled; the exception holds the policy so far.</exception>
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
    public TrainingReport Train(IDataView? loggedTransitions = null)
    {
        using var turn = _use.Enter();
        var layout = new TransitionLayout(_environment.ObservationSpace.Size, _environment.ActionSpace.Size);
        var threads = torch.get_num_threads();
        try
        {
            if (_options.Threads is { } wanted) torch.set_num_threads(wanted);
            using var state = new TrainingState(_context, layout, _options, _dynamics, _rollouts, _policy, _environment.ActionSpace, _seed);
            if (loggedTransitions is not null) Warm(state, loggedTransitions);
            using var loop = new MbpoLoop(_context, _environment, _options, _rollouts, state, _seed);
            return loop.Run();
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column that the policy estimator reads is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _policy.GetOutputSchema(inputSchema);

    // Found at the first evaluation, it would cost an epoch.
    private static void RequireSameSizes(IEnvironment environment, Options options)
    {
        if (options.EvaluationEnvironment is not { } evaluation) return;
        evaluation.RequireSpaces($"{nameof(options)}.{nameof(options.EvaluationEnvironment)}");
        if (evaluation.ObservationSpace.Size != environment.ObservationSpace.Size || evaluation.ActionSpace.Size != environment.ActionSpace.Size)
            throw new ArgumentException(
                $"EvaluationEnvironment has {evaluation.ObservationSpace.Size} observations and {evaluation.ActionSpace.Size} actions, but the environment to train on has " +
                $"{environment.ObservationSpace.Size} and {environment.ActionSpace.Size}.", nameof(options));
    }

    private void Warm(TrainingState state, IDataView logged)
    {
        using var table = TransitionReader.Read(logged, _options.Columns);
        if (table.Layout != state.RealPool.Layout)
            throw new ArgumentException(
                $"The logged transitions have {table.Layout.ObservationSize} observations and {table.Layout.ActionSize} actions, but the environment has " +
                $"{state.RealPool.Layout.ObservationSize} and {state.RealPool.Layout.ActionSize}.", nameof(logged));
        state.RealPool.Append(table.Rows);
    }
}
