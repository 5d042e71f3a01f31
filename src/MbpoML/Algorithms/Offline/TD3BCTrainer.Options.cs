using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

public sealed partial class TD3BCTrainer
{
    /// <summary>The settings of TD3+BC. The defaults are those of the paper and of CORL, unless said otherwise.</summary>
    public sealed class Options : OfflineOptions
    {
        /// <summary>The settings of TD3+BC.</summary>
        public Options()
            : base(updates: 60_000)
        {
        }

        /// <summary>The units of each hidden layer (ReLU) of actor and critics. Default: 256 and 256.</summary>
        public IReadOnlyList<int> HiddenSizes { get; set; } = [256, 256];

        /// <summary>Adam's step size for actor and critics. Default: 3e-4.</summary>
        public double LearningRate { get; set; } = 3e-4;

        /// <summary>γ, how much a reward counts one step later, from 0 to 1. Default: 0.99.</summary>
        public double Discount { get; set; } = 0.99;

        /// <summary>τ, how far the slow copies move in each step of theirs, above 0 and at most 1. Default: 0.005.</summary>
        public double TargetSmoothing { get; set; } = 0.005;

        /// <summary>α, how much the values count against the logged actions, at least 0; 0 is behaviour cloning. Default: 2.5.</summary>
        public double Alpha { get; set; } = 2.5;

        /// <summary>The standard deviation of the noise on the targets' actions, in units in which the bounds are -1 and 1. Default: 0.2.</summary>
        public double TargetNoise { get; set; } = 0.2;

        /// <summary>That noise is cut at so much, in the same units. Default: 0.5.</summary>
        public double NoiseClip { get; set; } = 0.5;

        /// <summary>Updates of the critics for each of the actor. Default: 2.</summary>
        public int PolicyDelay { get; set; } = 2;

        /// <summary>Whether the networks see observations of zero mean and unit variance over the log. Default: true.</summary>
        public bool StandardizeObservations { get; set; } = true;

        /// <summary>
        /// Whether rewards are divided by their root mean square. Default: true, our choice, so that the learning rate suits every unit of the reward.
        /// </summary>
        public bool NormalizeRewards { get; set; } = true;

        internal override void Validate()
        {
            base.Validate();
            Check.HiddenSizes(HiddenSizes);
            Check.Positive(LearningRate);
            Check.Within(0, 1, Discount);
            Check.Within(0, 1, Check.Positive(TargetSmoothing), nameof(TargetSmoothing));
            Check.NotNegative(Alpha);
            Check.NotNegative(TargetNoise);
            Check.NotNegative(NoiseClip);
            Check.AtLeast(1, PolicyDelay);
        }

        internal override OfflineOptions Copied()
        {
            var copy = (Options)base.Copied();
            copy.HiddenSizes = [.. HiddenSizes];
            return copy;
        }
    }
}
