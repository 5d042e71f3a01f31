using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Numerics;

namespace MbpoML.Imagination;

/// <summary>How the trainer branches rollouts after each refit of the model: stage 2 of MBPO, not yet bound to a model or a policy.</summary>
/// <remarks>Made by <see cref="RolloutCatalog.Branched(IRolloutSchedule, int, int)"/> or <see cref="RolloutCatalog.Branched(Options)"/>.</remarks>
public sealed class BranchedRollouts : IStage
{
    internal BranchedRollouts(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Settings = options.Copy();
    }

    internal Options Settings { get; }

    string IStage.StageName => "branched rollouts";

    object IStage.Options => Settings;

    /// <summary>The settings of stage 2.</summary>
    public sealed class Options
    {
        /// <summary>The length k of the rollouts, epoch by epoch. Default: 1, as for HalfCheetah, Walker2d and the pendulums (paper, appendix C).</summary>
        public IRolloutSchedule Schedule { get; set; } = RolloutSchedule.Constant(1);

        /// <summary>
        /// Rollouts begun after each refit, from states drawn uniformly with replacement. Default: 100,000 (official configuration, rollout_batch_size).
        /// </summary>
        public int BatchSize { get; set; } = 100_000;

        /// <summary>
        /// The most transitions that one refit's rollouts may imagine: where k is longer than this allows for <see cref="BatchSize"/> rollouts, fewer are
        /// begun, one at the least. Default null: no limit, as in the official code, where the transitions grow with k.
        /// </summary>
        public int? MaxTransitions { get; set; }

        /// <summary>For how many epochs imagined transitions are kept. Default: 1 (official configuration, model_retain_epochs; Humanoid 5).</summary>
        public int RetainEpochs { get; set; } = 1;

        /// <summary>Stops single rollouts early, drops or penalises their steps; see <see cref="RolloutRule"/>. Default: none, as in the paper.</summary>
        public IRolloutRule? Rule { get; set; }

        internal void Validate()
        {
            ArgumentNullException.ThrowIfNull(Schedule);
            Check.AtLeast(1, BatchSize);
            Check.AtLeast(1, MaxTransitions ?? 1, nameof(MaxTransitions));
            Check.AtLeast(1, RetainEpochs);
        }

        /// <summary>
        /// The rollouts that are begun after a refit if they have this length: <see cref="BatchSize"/>, or fewer where <see cref="MaxTransitions"/> limits
        /// them.
        /// </summary>
        /// <param name="length">k, the steps of a rollout, at least 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
        public int Starts(int length)
        {
            Check.AtLeast(1, length);
            return MaxTransitions is { } most ? Math.Max(1, Math.Min(BatchSize, most / length)) : BatchSize;
        }

        /// <summary>
        /// The model pool's capacity in transitions: retained epochs x k x rollouts a refit x refits an epoch (official _reallocate_model_pool).
        /// </summary>
        internal long PoolCapacity(int length, int epochLength, int trainingInterval) =>
            Math.Max(1, (long)Math.Ceiling((double)RetainEpochs * length * Starts(length) * epochLength / trainingInterval));

        internal Options Copy() => (Options)MemberwiseClone();
    }
}
