using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Adapters;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using Microsoft.ML;

namespace MbpoML.Imagination;

/// <summary>Stage 2 alone, whole episodes: a model and a policy imagine them from where episodes begin.</summary>
public sealed class EpisodeRolloutEstimator : IEstimator<EpisodeRolloutTransformer>
{
    private readonly ComponentContext _context;
    private readonly ITransformer _dynamics;
    private readonly IPolicy _policy;
    private readonly Options _options;
    private readonly int _seed;

    internal EpisodeRolloutEstimator(ComponentContext context, ITransformer dynamics, IPolicy policy, Options options)
    {
        ArgumentNullException.ThrowIfNull(dynamics);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (policy.ActionSpace is null)
            throw new ArgumentException($"{policy.GetType().Name}.ActionSpace is null, but must be the space of its actions.", nameof(policy));
        if (options.Environment is { } environment)
        {
            environment.RequireSpaces();
            if (environment.ObservationSpace.Size != policy.ObservationSize)
                throw new ArgumentException(
                    Invariant($"The environment has {environment.ObservationSpace.Size} observations, but the policy {policy.ObservationSize}."),
                    nameof(options));
        }

        (_context, _dynamics, _policy, _options) = (context, dynamics, policy, options.Copy());
        _seed = _options.Seed ?? context.NextSeed();
    }

    /// <summary>Checks that the input fits the policy, and binds.</summary>
    /// <param name="input">
    /// Transitions in the columns of the contract where the episodes begin as theirs did; else states in the observation column are enough.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">The size of a column is not the policy's.</exception>
    public EpisodeRolloutTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var model = DynamicsPlug.CreateModel(_dynamics, new TransitionLayout(_policy.ObservationSize, _policy.ActionSpace.Size), _options.Columns);
        return new EpisodeRolloutTransformer(model, _policy, _options, _seed, input.Schema);
    }

    /// <summary>The columns of transitions.</summary>
    /// <param name="inputSchema">The columns of the view of start states, with their observations.</param>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        inputSchema.RequireFloats(_options.Columns.Observation);
        return SchemaShapes.Transitions(_context.ML, _options.Columns);
    }

    /// <summary>The settings of imagined episodes.</summary>
    public sealed class Options
    {
        /// <summary>The most steps of an episode, at least 1. Default: 100, the horizon of ME-TRPO's half cheetah.</summary>
        public int Length { get; set; } = 100;

        /// <summary>
        /// The episodes, which are distributed among the start states at random. Default: null, one from each start state in the input, and 100 where the
        /// environment is reset.
        /// </summary>
        public int? Episodes { get; set; }

        /// <summary>
        /// Where the episodes begin. Default: <see cref="StartStates.Episodes"/>, where those of the input began. <see cref="StartStates.Transitions"/>: at
        /// any state of the input.
        /// </summary>
        public StartStates Starts { get; set; } = StartStates.Episodes;

        /// <summary>Is reset where <see cref="Starts"/> is <see cref="StartStates.Resets"/>; stays the caller's. Default: none.</summary>
        public IEnvironment? Environment { get; set; }

        /// <summary>Tells which imagined transitions end the task. Default: none, unless the dynamics model predicts termination itself.</summary>
        public ITerminationFunction? Termination { get; set; }

        /// <summary>The reward where it is known. Default: the dynamics model's prediction.</summary>
        public IRewardFunction? Reward { get; set; }

        /// <summary>
        /// Which member of an ensemble imagines the steps. Default: <see cref="Propagation.MemberEachStep"/>, another one at each step, as in ME-TRPO.
        /// </summary>
        public Propagation Propagation { get; set; } = Propagation.MemberEachStep;

        /// <summary>The columns read and written. Default: the standard names.</summary>
        public TransitionColumns Columns { get; set; } = TransitionColumns.Default;

        /// <summary>The seed of all draws. Default: from the MLContext.</summary>
        public int? Seed { get; set; }

        internal void Validate()
        {
            Check.AtLeast(1, Length);
            Check.AtLeast(1, Episodes ?? 1, nameof(Episodes));
            Check.Defined(Starts);
            Check.Defined(Propagation);
            ArgumentNullException.ThrowIfNull(Columns);
            TransitionColumns.Checked(Columns);
            if (Starts == StartStates.Resets && Environment is null)
                throw new ArgumentNullException(
                    nameof(Environment), $"Starts is {StartStates.Resets}, but there is no Environment to be reset: give one, or choose other starts.");
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }
}
