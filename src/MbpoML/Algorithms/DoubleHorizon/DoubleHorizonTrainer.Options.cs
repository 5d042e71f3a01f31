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
        /// Real steps from one fit of the model to the next. Default: 250, our choice: a probe on Hopper went better with it. With 1000, as in the official
        /// code (steps_per_iter), the policy may run further away from the data than the model knows.
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

        /// <summary>
        /// Whether now and then the policy stands still for a whole training episode, and is kept where it earned about as much as the best before it; fits
        /// and updates are made up for afterwards. The policy that was kept last is evaluated, saved and returned. Default: false. Source: the policy
        /// checkpoints of TD7 (S. Fujimoto et al., NeurIPS 2023).
        /// </summary>
        public bool AssessesPolicies { get; set; }

        /// <summary>
        /// Real steps from a policy that was kept to the next assessment, as a part of the steps so far, from 0 to 1, where <see cref="AssessesPolicies"/> is
        /// set. 0: every episode is one policy's. Default: 0.1, our choice: policies stand still for a third of the steps at 20,000, and for less later.
        /// </summary>
        public double AssessmentSpacing { get; set; } = 0.1;

        /// <summary>
        /// Part of the highest return so far by which a policy may stay below it and still be kept, from 0 to 1, where
        /// <see cref="AssessesPolicies"/> is set. Default: 0.05, our choice: about what returns of one policy differ by.
        /// </summary>
        public double AssessmentTolerance { get; set; } = 0.05;

        internal DoubleHorizonSettings ToSettings(DistributionRollouts.Options rollouts, bool isSaved) => new()
        {
            ModelTrainingInterval = ModelTrainingInterval,
            UpdatesPerStep = UpdatesPerStep,
            CriticUpdatesPerFit = CriticUpdatesPerFit,
            FirstUpdates = FirstUpdates,
            UpdatesAfterFit = UpdatesAfterFit,
            AssessesPolicies = AssessesPolicies,
            AssessmentSpacing = AssessmentSpacing,
            AssessmentTolerance = AssessmentTolerance,
            IsSaved = isSaved,
            Rollouts = rollouts,
        };

        internal override void Validate()
        {
            base.Validate();
            Check.AtLeast(1, ModelTrainingInterval);
            Check.AtLeast(0, UpdatesPerStep);
            Check.AtLeast(0, CriticUpdatesPerFit);
            Check.Within(0, 1, AssessmentSpacing);
            Check.Within(0, 1, AssessmentTolerance);
            if (AssessesPolicies && !UpdatesAfterFit)
                throw new ArgumentException(
                    $"{nameof(AssessesPolicies)} needs {nameof(UpdatesAfterFit)}, because a policy that is updated at every step cannot be assessed.");
            if (AssessesPolicies && Overlap != OverlappedStages.None)
                throw new ArgumentException(
                    $"{nameof(AssessesPolicies)} needs {nameof(Overlap)} {OverlappedStages.None}, because an overlapped episode begins before the policy is " +
                        "updated.");
            if (FirstUpdates is { } first) Check.AtLeast(0, first, nameof(FirstUpdates));
        }

        internal Options Copy() => (Options)Copied();
    }
}
