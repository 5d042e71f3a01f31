using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

public sealed partial class BehaviorCloningTrainer
{
    /// <summary>The settings of behaviour cloning.</summary>
    public sealed class Options : OfflineOptions
    {
        /// <summary>The settings of behaviour cloning.</summary>
        public Options()
            : base(updates: 20_000)
        {
        }

        /// <summary>The units of each hidden layer (ReLU). Default: 256 and 256 (CORL).</summary>
        public IReadOnlyList<int> HiddenSizes { get; set; } = [256, 256];

        /// <summary>Adam's step size. Default: 3e-4 (CORL).</summary>
        public double LearningRate { get; set; } = 3e-4;

        /// <summary>Whether the network sees observations of zero mean and unit variance over the log. Default: true (CORL).</summary>
        public bool StandardizeObservations { get; set; } = true;

        /// <summary>
        /// The share of the episodes that is held out, from 0 to 0.9: the policy is the network that did best on them. Default: 0.1, our choice; 0 takes the
        /// newest network.
        /// </summary>
        public double HoldoutRatio { get; set; } = 0.1;

        /// <summary>The fit ends after so many epochs without a better loss on held-out episodes. Default: 10, our choice.</summary>
        public int Patience { get; set; } = 10;

        internal override void Validate()
        {
            base.Validate();
            Check.HiddenSizes(HiddenSizes);
            Check.Positive(LearningRate);
            Check.Within(0, 0.9, HoldoutRatio);
            Check.AtLeast(1, Patience);
        }

        internal override OfflineOptions Copied()
        {
            var copy = (Options)base.Copied();
            copy.HiddenSizes = [.. HiddenSizes];
            return copy;
        }
    }
}
