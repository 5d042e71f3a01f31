using System.Globalization;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>Stage 3, soft actor-critic: transitions, real or imagined, in; a policy out.</summary>
/// <remarks>
/// T. Haarnoja et al., "Soft actor-critic algorithms and applications" (arXiv:1812.05905), as MBPO uses it: twin critics with slowly following targets, a
/// squashed-Gaussian
/// actor, and a learned entropy coefficient. Only Terminated cuts the value of what follows; after Truncated rows it goes on.
/// </remarks>
public sealed partial class SoftActorCriticTrainer : IPolicyEstimator, IStage
{
    // Float actions that were scaled to the bounds and back may miss them by rounding; more than this share of the range is a mistake.
    private const float BoundTolerance = 1e-4f;

    // Minibatches whose rows are drawn together, so that a GPU gets the numbers in one copy.
    private const int UpdatesPerDraw = 256;

    private readonly ComponentContext _context;
    private readonly Options _options;
    private readonly TransitionColumns _columns;
    private readonly int _seed;

    internal SoftActorCriticTrainer(ComponentContext context, Options options, TransitionColumns columns)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_context, _options, _columns) = (context, options.Copy(), TransitionColumns.Checked(columns));
        _seed = options.Seed ?? context.NextSeed();
    }

    /// <summary>Learns a policy from the transitions alone, with minibatches drawn uniformly; each call starts afresh.</summary>
    /// <param name="input">The columns of the contract; actions inside <see cref="Options.ActionSpace"/>.</param>
    /// <returns>The policy; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">An action lies outside the action space, the sizes differ, a column has another type, the view no rows, or a value
    /// is not finite.</exception>
    /// <exception cref="LearningException">Learning diverged.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Options.ValueExpansionSteps"/> is above 0: transitions alone are no dynamics model.</exception>
    public PolicyTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_options.ValueExpansionSteps > 0)
            throw new InvalidOperationException(
                Invariant($"{nameof(Options.ValueExpansionSteps)} is {_options.ValueExpansionSteps}, but needs a dynamics model, which a data view is not: ") +
                    "set it to 0, or train with rl.Mbpo.");
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var channel = _context.Host.Start("SoftActorCritic");
        using var table = TransitionReader.Read(input, _columns);
        var actionSpace = _options.ActionSpace ?? BoxSpace.Uniform(table.Layout.ActionSize, -1, 1);
        CheckActions(table, actionSpace);
        if (StoredPrecision.DescribeLoss(table.Layout, table.Rows) is { } loss) channel.Warning(MessageSensitivity.None, "{0}", StoredPrecision.Warning(loss));
        using var learner = Learner(table.Layout, actionSpace, _seed, trainerDevice: null);
        Optimize(learner, table);
        var metrics = learner.TakeMetrics().Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:g4}"));
        channel.Info(MessageSensitivity.None, string.Join(", ", metrics));
        return new PolicyTransformer(
            _context, learner.ToParameters(),
            new PolicyTransformer.Options { ObservationColumnName = _columns.Observation, ActionColumnName = _options.OutputColumnName });
    }

    string IStage.StageName => "soft actor-critic";

    object IStage.Options => _options;

    string? IStage.Device => _options.Device;

    bool IPolicyEstimator.AsksModel => _options.ValueExpansionSteps > 0;

    /// <inheritdoc/>
    public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(actionSpace);
        if (!actionSpace.IsBounded) throw new ArgumentException("The action space has an infinite bound, but a policy needs finite ones.", nameof(actionSpace));
        return Learner(layout, actionSpace, seed, device);
    }

    /// <summary>The input's columns and the policy's action.</summary>
    /// <param name="inputSchema">The columns of the view to fit to, with those of transitions.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column of the transitions is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        foreach (var name in (string[])[_columns.Observation, _columns.Action, _columns.Reward, _columns.NextObservation]) inputSchema.RequireFloats(name);
        inputSchema.Require(_columns.Terminated);
        return inputSchema.With(SchemaShapes.Vector(_context.ML, _options.OutputColumnName));
    }

    // On the device of the options, or of the trainer that it belongs to, or on the CPU.
    private SacLearner Learner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? trainerDevice)
    {
        if (actionSpace.Size != layout.ActionSize)
            throw new ArgumentException(
                Invariant($"The action space has {actionSpace.Size} dimensions, but the transitions' actions have {layout.ActionSize}."),
                nameof(actionSpace));
        var settings = new SacSettings(layout, actionSpace, _options.HiddenSizes)
        {
            LearningRate = _options.LearningRate,
            ActorLearningRate = _options.ActorLearningRate,
            EntropyLearningRate = _options.EntropyLearningRate,
            Discount = _options.Discount,
            TargetSmoothing = _options.TargetSmoothing,
            RewardScale = _options.RewardScale,
            TargetEntropy = _options.TargetEntropy ?? -layout.ActionSize,
            EntropyCoefficient = _options.EntropyCoefficient,
            MaxEntropyCoefficient = _options.MaxEntropyCoefficient,
            EntropyInTarget = _options.EntropyInTarget,
            LeastTarget = _options.LeastTarget,
            GradientClipping = _options.GradientClipping,
            MaxAbsoluteQ = _options.MaxAbsoluteQ,
            StandardizeObservations = _options.StandardizeObservations,
            NormalizeRewards = _options.NormalizeRewards,
            ValueExpansionSteps = _options.ValueExpansionSteps,
        };
        using var scope = NewDisposeScope();
        return new SacLearner(_context, settings, seed, Devices.Parse(_options.Device ?? trainerDevice ?? "cpu"), _options.Acceleration, _options.Workers);
    }

    private void Optimize(SacLearner learner, TransitionTable table)
    {
        using var random = new Generator((ulong)Seeds.Derive(_seed, "minibatches"));
        using var rows = table.Rows.to(learner.State.Device);
        for (var update = 0; update < _options.Updates; update += UpdatesPerDraw)
        {
            using var scope = NewDisposeScope();
            var updates = Math.Min(UpdatesPerDraw, _options.Updates - update);
            var indices = randint(table.Count, [updates, _options.BatchSize], int64, generator: random).to(learner.State.Device);
            for (var drawn = 0; drawn < updates; drawn++) Update(learner, rows, indices, drawn);
            learner.ThrowIfDiverged();
        }
    }

    private static void Update(SacLearner learner, Tensor rows, Tensor indices, int drawn)
    {
        using var scope = NewDisposeScope();
        learner.Update(rows.index_select(0, indices.select(0, drawn)));
    }

    private void CheckActions(TransitionTable table, BoxSpace space)
    {
        if (space.Size != table.Layout.ActionSize)
        {
            throw new ArgumentException(
                Invariant($"{nameof(Options.ActionSpace)} has {space.Size} dimensions, but column '{_columns.Action}' has {table.Layout.ActionSize}."),
                nameof(table));
        }
        using var scope = NewDisposeScope();
        var actions = table.Layout.Action(table.Rows).contiguous().data<float>().ToArray();
        for (var index = 0; index < actions.Length; index++)
        {
            var (row, dimension) = Math.DivRem(index, space.Size);
            var (low, high) = (space.Low[dimension], space.High[dimension]);
            var tolerance = BoundTolerance * (high - low);
            if (actions[index] >= low - tolerance && actions[index] <= high + tolerance) continue;
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture,
                    $"Row {row} of column '{_columns.Action}' has the value {actions[index]} in dimension {dimension}, outside [{low}, {high}]. ") +
                $"Set {nameof(Options)}.{nameof(Options.ActionSpace)} to the bounds of the environment's actions.",
                nameof(table));
        }
    }
}
