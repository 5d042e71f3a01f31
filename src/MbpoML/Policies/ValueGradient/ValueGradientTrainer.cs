using System.Globalization;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>Stage 3, the value gradient: start states and a dynamics model that can be differentiated in; a policy out.</summary>
/// <remarks>
/// From each start state the model imagines a few steps of the policy; critics say what the last state is worth; and the policy climbs the sum by its gradient
/// through model and policy (stochastic value gradients with entropy: N. Heess et al., NeurIPS 2015; B. Amos et al., L4DC 2021; A. Kubo, P. Parmas and S.
/// Ishii, "Double horizon model-based policy optimization", TMLR 2025). Real transitions give start states, scales and the model; no real action or reward
/// enters an update.
/// </remarks>
public sealed partial class ValueGradientTrainer : IPolicyEstimator, IStage
{
    // After which the guard looks at what was learned.
    private const int UpdatesBetweenChecks = 256;

    private readonly ComponentContext _context;
    private readonly Options _options;
    private readonly TransitionColumns _columns;
    private readonly int _seed;

    internal ValueGradientTrainer(ComponentContext context, Options options, TransitionColumns columns)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_context, _options, _columns) = (context, options.Copy(), TransitionColumns.Checked(columns));
        _seed = options.Seed ?? context.NextSeed();
    }

    /// <summary>Fits a dynamics model to logged transitions, and learns a policy in it from their states, drawn uniformly; each call starts afresh.</summary>
    /// <param name="input">A view with the columns of transitions.</param>
    /// <returns>The policy; the caller disposes it.</returns>
    /// <remarks>
    /// The model is that of <see cref="Options.Dynamics"/>, by default an ensemble of probabilistic networks. No step in the environment corrects it: a policy
    /// that leaves the logged states finds its mistakes, so logs should cover what the policy may do, and few <see cref="Options.Updates"/> go a long way.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">The sizes differ, a column has another type, the view has fewer than two rows, or a value is not finite.</exception>
    /// <exception cref="LearningException">The model's fit or learning diverged.</exception>
    /// <exception cref="InvalidOperationException">
    /// Rows are terminated, but neither <see cref="Options.Termination"/> nor the model says where the task ends; or the model or <see cref="Options.Reward"/>
    /// gives no gradient.
    /// </exception>
    public PolicyTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var channel = _context.Host.Start("ValueGradient");
        using var table = TransitionReader.Read(input, _columns);
        if (table.Count < 2)
            throw new ArgumentException(Invariant($"The view has {table.Count} row, but a dynamics model is fitted to at least 2."), nameof(input));
        var actionSpace = _options.ActionSpace ?? BoxSpace.Uniform(table.Layout.ActionSize, -1, 1);
        if (StoredPrecision.DescribeLoss(table.Layout, table.Rows) is { } loss) channel.Warning(MessageSensitivity.None, "{0}", StoredPrecision.Warning(loss));
        using var learner = Learner(table.Layout, actionSpace, _seed, trainerDevice: null);
        using var model = Dynamics().CreateLearner(table.Layout, Seeds.Derive(_seed, "dynamics"), _options.Device);
        KnownEnds.Require(table.Layout, table.Rows, _options.Termination, model);
        model.Fit(table.Rows, CancellationToken.None);
        learner.UseModel(new ImaginedEnvironment(() => model.Model, _options.Termination, _options.Reward));
        learner.Look(table.Rows);
        Optimize(learner, table);
        var metrics = learner.TakeMetrics().Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:g4}"));
        channel.Info(MessageSensitivity.None, string.Join(", ", metrics));
        return new PolicyTransformer(
            _context, learner.ToParameters(),
            new PolicyTransformer.Options { ObservationColumnName = _columns.Observation, ActionColumnName = _options.OutputColumnName });
    }

    string IStage.StageName => "value gradient";

    object IStage.Options => _options;

    string? IStage.Device => _options.Device;

    bool IPolicyEstimator.AsksModel => true;

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

    private IDynamicsEstimator Dynamics() =>
        _options.Dynamics ?? new ProbabilisticEnsembleTrainer(_context, new ProbabilisticEnsembleTrainer.Options(), _columns);

    // On the device of the options, or of the trainer that it belongs to, or on the CPU.
    private ValueGradientLearner Learner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? trainerDevice)
    {
        if (actionSpace.Size != layout.ActionSize)
            throw new ArgumentException(
                Invariant($"The action space has {actionSpace.Size} dimensions, but the transitions' actions have {layout.ActionSize}."), nameof(actionSpace));
        var settings = new ValueGradientSettings(
            layout, actionSpace, _options.ActorHiddenSizes, _options.CriticHiddenSizes, _options.CriticNorm, _options.CriticDropout)
        {
            Horizon = _options.Horizon,
            BatchSize = _options.BatchSize,
            CriticCount = _options.Critics,
            TargetCriticCount = _options.TargetCritics,
            ActorLearningRate = _options.ActorLearningRate,
            CriticLearningRate = _options.CriticLearningRate,
            TemperatureLearningRate = _options.TemperatureLearningRate,
            WeightDecay = _options.WeightDecay,
            Discount = _options.Discount,
            TargetSmoothing = _options.TargetSmoothing,
            InitialTemperature = _options.InitialTemperature,
            TargetEntropy = _options.TargetEntropy ?? -layout.ActionSize,
            BoundsValues = _options.ScaledTargets,
            BoundsRate = _options.BoundsRate,
            KeepsZeroInBounds = _options.ZeroInBounds,
            ValuesEnds = _options.CriticAtEnds,
            ScaleTolerance = _options.ScaleTolerance,
            KeepsFunctions = _options.KeepsFunctions,
            ActorAveraging = _options.ActorAveraging,
        };
        using var scope = NewDisposeScope();
        return new ValueGradientLearner(
            _context, settings, seed, Devices.Parse(_options.Device ?? trainerDevice ?? "cpu"), _options.Acceleration, _options.Workers);
    }

    private void Optimize(ValueGradientLearner learner, TransitionTable table)
    {
        using var random = new Generator((ulong)Seeds.Derive(_seed, "start-states"));
        using var states = table.Layout.Observation(table.Rows).to(learner.Device, copy: true);
        for (var update = 1; update <= _options.Updates; update++)
        {
            using var scope = NewDisposeScope();
            learner.Update(states.index_select(0, randint(table.Count, [_options.BatchSize], int64, generator: random).to(learner.Device)));
            if (update % UpdatesBetweenChecks == 0 || update == _options.Updates) learner.ThrowIfDiverged();
        }
    }
}
