using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

public sealed partial class TD3BCTrainer
{
    /// <summary>The settings of TD3+BC. The defaults are those of the paper and of CORL, unless said otherwise.</summary>
    public sealed class Options : CriticOptions
    {
        /// <summary>α, how much the values count against the logged actions, at least 0; 0 is behaviour cloning. Default: 2.5.</summary>
        public double Alpha { get; set; } = 2.5;

        /// <summary>The standard deviation of the noise on the targets' actions, in units in which the bounds are -1 and 1. Default: 0.2.</summary>
        public double TargetNoise { get; set; } = 0.2;

        /// <summary>That noise is cut at so much, in the same units. Default: 0.5.</summary>
        public double NoiseClip { get; set; } = 0.5;

        /// <summary>Updates of the critics for each of the actor. Default: 2.</summary>
        public int PolicyDelay { get; set; } = 2;

        /// <summary>
        /// Whether rewards are divided by their root mean square. Default: true, our choice, so that the learning rate suits every unit of the reward.
        /// </summary>
        public bool NormalizeRewards { get; set; } = true;

        internal override void Validate()
        {
            base.Validate();
            Check.NotNegative(Alpha);
            Check.NotNegative(TargetNoise);
            Check.NotNegative(NoiseClip);
            Check.AtLeast(1, PolicyDelay);
        }
    }
}
