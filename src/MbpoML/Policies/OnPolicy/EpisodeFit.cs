using System.Globalization;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>What estimators whose learners learn from episodes do alone: a model is fitted to logged transitions, and episodes are imagined in it.</summary>
/// <param name="context">Where models and policies belong.</param>
/// <param name="options">What all such learners are told.</param>
/// <param name="columns">The columns of the transitions.</param>
/// <param name="seed">The seed of all random numbers.</param>
/// <param name="create">Makes the learner.</param>
internal sealed class EpisodeFit(
    ComponentContext context, OnPolicyOptions options, TransitionColumns columns, int seed, Func<OnPolicySettings, int, Device, OnPolicyLearner> create)
{
    /// <summary>Learns a policy in a model of logged transitions, from their states drawn uniformly.</summary>
    /// <param name="input">The transitions.</param>
    /// <param name="name">What the log calls the learner.</param>
    public PolicyTransformer Fit(IDataView input, string name)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var channel = context.Host.Start(name);
        using var table = TransitionReader.Read(input, columns);
        if (table.Count < 2)
            throw new ArgumentException(Invariant($"The view has {table.Count} row, but a dynamics model is fitted to at least 2."), nameof(input));
        var actionSpace = options.ActionSpace ?? BoxSpace.Uniform(table.Layout.ActionSize, -1, 1);
        if (StoredPrecision.DescribeLoss(table.Layout, table.Rows) is { } loss) channel.Warning(MessageSensitivity.None, "{0}", StoredPrecision.Warning(loss));
        using var learner = Learner(table.Layout, actionSpace, seed, runDevice: null);
        using var model = (options.Dynamics ?? new ProbabilisticEnsembleTrainer(context, new ProbabilisticEnsembleTrainer.Options(), columns))
            .CreateLearner(table.Layout, Seeds.Derive(seed, "dynamics"), options.Device);
        KnownEnds.Require(table.Layout, table.Rows, options.Termination, model);
        model.Fit(table.Rows, CancellationToken.None);
        Optimize(learner, new ImaginedEnvironment(() => model.Model, options.Termination, options.Reward), table);
        var metrics = learner.TakeMetrics().Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:g4}"));
        channel.Info(MessageSensitivity.None, string.Join(", ", metrics));
        return new PolicyTransformer(
            context, learner.ToParameters(),
            new PolicyTransformer.Options { ObservationColumnName = columns.Observation, ActionColumnName = options.OutputColumnName });
    }

    /// <summary>A learner for a trainer.</summary>
    public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int learnerSeed, string? device)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(actionSpace);
        if (!actionSpace.IsBounded) throw new ArgumentException("The action space has an infinite bound, but a policy needs finite ones.", nameof(actionSpace));
        return Learner(layout, actionSpace, learnerSeed, device);
    }

    /// <summary>The input's columns and the policy's action.</summary>
    public SchemaShape OutputSchema(SchemaShape inputSchema)
    {
        foreach (var name in (string[])[columns.Observation, columns.Action, columns.Reward, columns.NextObservation]) inputSchema.RequireFloats(name);
        inputSchema.Require(columns.Terminated);
        return inputSchema.With(SchemaShapes.Vector(context.ML, options.OutputColumnName));
    }

    private OnPolicyLearner Learner(TransitionLayout layout, BoxSpace actionSpace, int learnerSeed, string? runDevice)
    {
        if (actionSpace.Size != layout.ActionSize)
            throw new ArgumentException(
                Invariant($"The action space has {actionSpace.Size} dimensions, but the transitions' actions have {layout.ActionSize}."), nameof(actionSpace));
        using var scope = NewDisposeScope();
        return create(options.ToSettings(layout, actionSpace), learnerSeed, Devices.Parse(options.Device ?? runDevice ?? "cpu"));
    }

    private void Optimize(OnPolicyLearner learner, ImaginedEnvironment imagined, TransitionTable table)
    {
        using var random = new Generator((ulong)Seeds.Derive(seed, "episodes"), CPU);
        using var states = table.Layout.Observation(table.Rows).to(learner.Device, copy: true);
        var rollouts = new BranchedRolloutGenerator(imagined, rule: null);
        for (var update = 0; update < options.Updates; update++)
        {
            using var scope = NewDisposeScope();
            var starts = states.index_select(0, randint(table.Count, [options.EpisodesPerUpdate], int64, generator: random).to(learner.Device));
            learner.Update(EpisodeImagination.Imagine(rollouts, starts, options.EpisodeSteps, learner, random, table.Layout));
            learner.ThrowIfDiverged();
        }
    }
}
