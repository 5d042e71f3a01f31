using MbpoML.Numerics;
using MbpoML.Training;

namespace MbpoML.Algorithms.Ppo;

/// <content>The settings of the loop; those of the policy are set on it.</content>
public sealed partial class PpoTrainer
{
    /// <summary>The settings of the loop of PPO.</summary>
    /// <remarks>
    /// Two options of every run have other defaults here. <see cref="TrainingOptions.InitialExplorationSteps"/> is 0, because nothing is learned from random
    /// actions. <see cref="TrainingOptions.ModelReturnRollouts"/> is 0, because there is no model.
    /// </remarks>
    public sealed class Options : TrainingOptions
    {
        /// <summary>The settings of PPO.</summary>
        public Options() => (InitialExplorationSteps, ModelReturnRollouts) = (0, 0);

        /// <summary>Real steps from one update to the next, whose transitions it is made from. Default: 2048 (n_steps of Stable-Baselines3).</summary>
        public int StepsPerUpdate { get; set; } = 2048;

        internal override void Validate()
        {
            base.Validate();
            Check.AtLeast(1, StepsPerUpdate);
            if (StepsPerUpdate > RealPoolCapacity)
                throw new ArgumentOutOfRangeException(
                    nameof(StepsPerUpdate), StepsPerUpdate,
                    Invariant($"StepsPerUpdate must be at most RealPoolCapacity, which is {RealPoolCapacity}: an update is made from so many transitions."));
            if (Overlap != OverlappedStages.None)
                throw new ArgumentException(
                    $"Overlap is {Overlap}, but PPO learns from the actions of the policy as it is, so that the environment waits for each update: leave it " +
                        $"at {nameof(OverlappedStages.None)}.", nameof(Overlap));
        }

        internal Options Copy() => (Options)Copied();
    }
}
