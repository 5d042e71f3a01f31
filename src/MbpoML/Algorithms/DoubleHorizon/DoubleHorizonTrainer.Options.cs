using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Training;

namespace MbpoML.Algorithms.DoubleHorizon;

/// <content>The settings of the loop; those of its three stages are set on the stages.</content>
public sealed partial class DoubleHorizonTrainer
{
    /// <summary>The settings of the loop of double-horizon MBPO.</summary>
    public sealed class Options : TrainingOptions
    {
        /// <summary>
        /// Real steps from one fit of the model to the next. Default: 250, our choice, measured on Hopper: with 1000, as in the official code (steps_per_iter),
        /// the policy runs further away from the data than the model knows.
        /// </summary>
        public int ModelTrainingInterval { get; set; } = 250;

        /// <summary>Updates of critics and policy for each real step. Default: 1 (official code; 2 reach more on Walker2d, HalfCheetah and Humanoid).</summary>
        public int UpdatesPerStep { get; set; } = 1;

        /// <summary>
        /// Updates of the critics alone after each fit of the model. Default: 62, a quarter of the interval as in the official code (250 of 1000).
        /// </summary>
        public int CriticUpdatesPerFit { get; set; } = 62;

        /// <summary>
        /// Updates at the first step after the random ones. Default: null, as many as <see cref="UpdatesPerStep"/> asks for each random step (official code).
        /// </summary>
        public int? FirstUpdates { get; set; }

        /// <summary>
        /// Whether the updates of all real steps until the next fit are made right after a fit, while the policy that acts stands still. Default: true
        /// (official code); false: the updates follow each step, so that a simulator can run beside them.
        /// </summary>
        public bool UpdatesAfterFit { get; set; } = true;

        internal DoubleHorizonSettings ToSettings(DistributionRollouts.Options rollouts, bool isSaved) => new()
        {
            ModelTrainingInterval = ModelTrainingInterval,
            UpdatesPerStep = UpdatesPerStep,
            CriticUpdatesPerFit = CriticUpdatesPerFit,
            FirstUpdates = FirstUpdates,
            UpdatesAfterFit = UpdatesAfterFit,
            IsSaved = isSaved,
            Rollouts = rollouts,
        };

        internal override void Validate()
        {
            base.Validate();
            Check.AtLeast(1, ModelTrainingInterval);
            Check.AtLeast(0, UpdatesPerStep);
            Check.AtLeast(0, CriticUpdatesPerFit);
            if (FirstUpdates is { } first) Check.AtLeast(0, first, nameof(FirstUpdates));
        }

        internal Options Copy() => (Options)Copied();
    }
}
