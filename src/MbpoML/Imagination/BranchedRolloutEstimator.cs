using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Adapters;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using Microsoft.ML;

namespace MbpoML.Imagination;

/// <summary>Stage 2 alone: turns start states into imagined transitions of a given model and policy.</summary>
public sealed class BranchedRolloutEstimator : IEstimator<BranchedRolloutTransformer>
{
    private readonly ComponentContext _context;
    private readonly ITransformer _dynamics;
    private readonly IPolicy _policy;
    private readonly Options _options;
    private readonly int _seed;

    internal BranchedRolloutEstimator(ComponentContext context, ITransformer dynamics, IPolicy policy, Options options)
    {
        ArgumentNullException.ThrowIfNull(dynamics);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (policy.ActionSpace is null)
            throw new ArgumentException($"{policy.GetType().Name}.ActionSpace is null, but must be the space of its actions.", nameof(policy));
        (_context, _dynamics, _policy, _options) = (context, dynamics, policy, options.Copy());
        _seed = _options.Seed ?? context.NextSeed();
    }

    /// <summary>Checks that the start states fit the policy, and binds.</summary>
    /// <param name="input">Start states in the observation column, vector&lt;float, n&gt;; other columns are ignored.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    /// <exception cref="ArgumentException">The column's size is not the policy's observation size.</exception>
    public BranchedRolloutTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var model = DynamicsPlug.CreateModel(_dynamics, new TransitionLayout(_policy.ObservationSize, _policy.ActionSpace.Size), _options.Columns);
        return new BranchedRolloutTransformer(model, _policy, _options, _seed, input.Schema);
    }

    /// <summary>The columns of transitions.</summary>
    /// <param name="inputSchema">The columns of the view of start states, with their observations.</param>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        inputSchema.RequireFloats(_options.Columns.Observation);
        return SchemaShapes.Transitions(_context.ML, _options.Columns);
    }

    /// <summary>The settings of a stand-alone rollout.</summary>
    public sealed class Options
    {
        /// <summary>k, the number of imagined steps from each start. Default: 1.</summary>
        public int Length { get; set; } = 1;

        /// <summary>Tells which imagined transitions end the task. Default: none, unless the dynamics model predicts termination itself.</summary>
        public ITerminationFunction? Termination { get; set; }

        /// <summary>The reward where it is known. Default: the dynamics model's prediction.</summary>
        public IRewardFunction? Reward { get; set; }

        /// <summary>Stops single rollouts early, drops or penalises their steps; see <see cref="RolloutRule"/>. Default: none.</summary>
        public IRolloutRule? Rule { get; set; }

        /// <summary>
        /// Which member of an ensemble imagines the steps. Default: <see cref="Propagation.MemberEachStep"/>, another one at each step, as in the paper.
        /// </summary>
        public Propagation Propagation { get; set; } = Propagation.MemberEachStep;

        /// <summary>The columns read (observation) and written (all). Default: the standard names.</summary>
        public TransitionColumns Columns { get; set; } = TransitionColumns.Default;

        /// <summary>The seed of all draws. Default: from the MLContext.</summary>
        public int? Seed { get; set; }

        internal void Validate()
        {
            Check.AtLeast(1, Length);
            Check.Defined(Propagation);
            ArgumentNullException.ThrowIfNull(Columns);
            TransitionColumns.Checked(Columns);
        }

        internal Options Copy() => (Options)MemberwiseClone();
    }
}
