using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

public sealed partial class BehaviorCloningTrainer
{
    /// <summary>The settings of behaviour cloning.</summary>
    public sealed class Options : ModelFreeOptions
    {
        /// <summary>The settings of behaviour cloning.</summary>
        public Options()
            : base(updates: 20_000)
        {
        }

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
            Check.Within(0, 0.9, HoldoutRatio);
            Check.AtLeast(1, Patience);
        }
    }
}
