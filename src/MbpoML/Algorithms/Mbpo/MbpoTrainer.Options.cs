using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Training;
using MbpoML.Training.Schedules;

namespace MbpoML.Algorithms.Mbpo;

/// <content>The settings of the loop; those of its three stages are set on the stages.</content>
public sealed partial class MbpoTrainer
{
    /// <summary>The settings of the MBPO loop. Sources: the paper's appendix C and the official configuration (jannerm/mbpo, examples/config).</summary>
    public sealed class Options : TrainingOptions
    {
        /// <summary>
        /// Real steps from one time at which the model is refitted and rollouts are branched to the next. Default: 250 (official model_train_freq; Humanoid
        /// 1000).
        /// </summary>
        public int ModelTrainingInterval { get; set; } = 250;

        /// <summary>
        /// Decides before which rollouts the model is refitted. The others begin from new states, with the policy as it is by then and the model there is.
        /// Default: null, before every one, as in the paper.
        /// </summary>
        public IModelTrainingSchedule? ModelTrainingSchedule { get; set; }

        /// <summary>G, policy updates for each real step. Default: 20 (official n_train_repeat; HalfCheetah 40, pendulum 10).</summary>
        public int UpdatesPerStep { get; set; } = 20;

        /// <summary>
        /// Whether the updates of a step follow the filling of the pool of imagined transitions: G_t = floor(2 G · stored / capacity), which is G where the
        /// pool is half full. It needs <see cref="BranchedRollouts.Options.DropsByAge"/>. Where nothing is imagined there are G. Default: false, as in the
        /// paper; MACURA (Frauenknecht et al., ICML 2024): true.
        /// </summary>
        public bool UpdatesFollowPool { get; set; }

        /// <summary>Transitions a minibatch. Default: 256 (official batch_size).</summary>
        public int BatchSize { get; set; } = 256;

        /// <summary>
        /// Part of each minibatch that is real, rounded down to whole rows: 12 of 256 by default. Default: 0.05 (official real_ratio). With 1 nothing is
        /// imagined and, but for <see cref="Policies.SoftActorCritic.SoftActorCriticTrainer.Options.ValueExpansionSteps"/>, no model is fitted: plain SAC.
        /// </summary>
        public double RealRatio { get; set; } = 0.05;

        internal int RealRowsPerBatch => (int)(BatchSize * RealRatio);

        /// <summary>What MBPO needs to know beside its stages.</summary>
        /// <param name="rollouts">Stage 2.</param>
        /// <param name="isSaved">Whether the run writes checkpoints.</param>
        internal MbpoSettings ToMbpoSettings(BranchedRollouts.Options rollouts, bool isSaved) => new()
        {
            ModelTrainingInterval = ModelTrainingInterval,
            ModelTrainingSchedule = ModelTrainingSchedule,
            EpochLength = EpochLength,
            UpdatesPerStep = UpdatesPerStep,
            UpdatesFollowPool = UpdatesFollowPool,
            BatchSize = BatchSize,
            RealRows = RealRowsPerBatch,
            RealPoolCapacity = RealPoolCapacity,
            IsSaved = isSaved,
            Rollouts = rollouts,
        };

        internal override void Validate()
        {
            base.Validate();
            Check.AtLeast(1, ModelTrainingInterval);
            Check.AtLeast(0, UpdatesPerStep);
            Check.AtLeast(1, BatchSize);
            Check.Within(0, 1, RealRatio);
        }

        internal Options Copy() => (Options)Copied();
    }
}
