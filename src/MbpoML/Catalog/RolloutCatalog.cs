using System.Runtime.CompilerServices;
using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Imagination;
using Microsoft.ML;

namespace MbpoML.Catalog;

/// <summary>Stage 2, rollout generation: <c>mlContext.Reinforcement().Rollouts</c>.</summary>
public sealed class RolloutCatalog
{
    private readonly ComponentContext _context;

    internal RolloutCatalog(ComponentContext context) => _context = context;

    /// <summary>Rolls out start states through a fitted model under a policy; stands alone.</summary>
    /// <param name="dynamics">A fitted dynamics model: ours, or any transformer that keeps the column contract.</param>
    /// <param name="policy">The policy whose actions are drawn.</param>
    /// <param name="length">k, imagined steps from each start.</param>
    /// <param name="observationColumnName">The column of the start states.</param>
    /// <exception cref="ArgumentException">The length is below 1, the name is empty, or the policy has no action space. In Fit: model, policy and view have
    /// other sizes.</exception>
    public BranchedRolloutEstimator Branched(
        ITransformer dynamics, IPolicy policy, int length = 1, string observationColumnName = TransitionColumns.DefaultObservation)
    {
        ArgumentException.ThrowIfNullOrEmpty(observationColumnName);
        return Branched(dynamics, policy,
            new BranchedRolloutEstimator.Options { Length = length, Columns = new TransitionColumns { Observation = observationColumnName } });
    }

    /// <summary>Rolls out start states through a fitted model under a policy; stands alone.</summary>
    /// <param name="dynamics">A fitted dynamics model: ours, or any transformer that keeps the column contract.</param>
    /// <param name="policy">The policy whose actions are drawn.</param>
    /// <param name="options">The length of the rollouts, what ends them, and the names of the columns; copied.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the policy has no action space. In Fit: model, policy and view have other
    /// sizes.</exception>
    public BranchedRolloutEstimator Branched(ITransformer dynamics, IPolicy policy, BranchedRolloutEstimator.Options options) =>
        new(_context, dynamics, policy, options);

    /// <summary>Branched rollouts for the trainer, which binds them to its model and policy after each refit.</summary>
    /// <param name="schedule">The length of the rollouts, epoch by epoch.</param>
    /// <param name="batchSize">The number of rollouts begun after each refit, at least 1.</param>
    /// <param name="retainEpochs">The number of epochs for which imagined transitions are kept, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public BranchedRollouts Branched(IRolloutSchedule schedule, int batchSize = 100_000, int retainEpochs = 1) =>
        Branched(new BranchedRollouts.Options { Schedule = schedule, BatchSize = batchSize, RetainEpochs = retainEpochs });

    /// <summary>Branched rollouts for the trainer, which binds them to its model and policy after each refit.</summary>
    /// <param name="options">The schedule of lengths, the number of rollouts, and how long they are kept; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    // So that "new() { ... }" means the options.
    [OverloadResolutionPriority(1)]
    public BranchedRollouts Branched(BranchedRollouts.Options options) => new(options);

    /// <summary>Imagines whole episodes of a policy in a fitted model, from where episodes begin; stands alone.</summary>
    /// <param name="dynamics">A fitted dynamics model: ours, or any transformer that keeps the column contract.</param>
    /// <param name="policy">The policy whose actions are drawn.</param>
    /// <param name="options">How long, how many, and where they begin; copied. The defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range, the policy has no action space, or the environment has other observations. In Fit: model,
    /// policy and view have other sizes.</exception>
    public EpisodeRolloutEstimator Episodes(ITransformer dynamics, IPolicy policy, EpisodeRolloutEstimator.Options? options = null) =>
        new(_context, dynamics, policy, options ?? new EpisodeRolloutEstimator.Options());

    /// <summary>Imagined episodes for the trainer of ME-TRPO, which binds them to its model and policy.</summary>
    /// <param name="options">Where they begin; copied. The defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public EpisodeRollouts Episodes(EpisodeRollouts.Options? options = null) => new(options ?? new EpisodeRollouts.Options());

    /// <summary>Long rollouts that refresh the start states of double-horizon MBPO.</summary>
    /// <param name="options">Their settings. Default: those of the official code.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public DistributionRollouts Distribution(DistributionRollouts.Options? options = null) => new(options ?? new DistributionRollouts.Options());
}
