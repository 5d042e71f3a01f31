using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

public sealed partial class IqlTrainer
{
    /// <summary>The settings of implicit Q-learning. The defaults are those of the paper and of CORL for locomotion, unless said otherwise.</summary>
    public sealed class Options : OfflineOptions
    {
        /// <summary>The settings of implicit Q-learning.</summary>
        public Options()
            : base(updates: 60_000)
        {
        }

        /// <summary>The units of each hidden layer (ReLU) of actor, critics and values. Default: 256 and 256.</summary>
        public IReadOnlyList<int> HiddenSizes { get; set; } = [256, 256];

        /// <summary>Adam's step size; that of the actor falls to 0 along a cosine. Default: 3e-4.</summary>
        public double LearningRate { get; set; } = 3e-4;

        /// <summary>γ, how much a reward counts one step later, from 0 to 1. Default: 0.99.</summary>
        public double Discount { get; set; } = 0.99;

        /// <summary>τ of the slow copies: how far they move in each update, above 0 and at most 1. Default: 0.005.</summary>
        public double TargetSmoothing { get; set; } = 0.005;

        /// <summary>
        /// τ of the values, from 0.5 to below 1: 0.5 values the log's own actions, larger ones the best among them. Default: 0.7.
        /// </summary>
        public double Expectile { get; set; } = 0.7;

        /// <summary>β, how much more the better actions are copied, at least 0; 0 copies all alike. Default: 3.</summary>
        public double Temperature { get; set; } = 3;

        /// <summary>The largest weight of a copied action. Default: 100.</summary>
        public double MaxWeight { get; set; } = 100;

        /// <summary>Whether the networks see observations of zero mean and unit variance over the log. Default: true.</summary>
        public bool StandardizeObservations { get; set; } = true;

        /// <summary>Whether rewards are multiplied with 1000 over the range of the episodes' returns, on which
        /// the temperature depends. Default: true.</summary>
        public bool NormalizeRewards { get; set; } = true;

        internal override void Validate()
        {
            base.Validate();
            Check.HiddenSizes(HiddenSizes);
            Check.Positive(LearningRate);
            Check.Within(0, 1, Discount);
            Check.Within(0, 1, Check.Positive(TargetSmoothing), nameof(TargetSmoothing));
            Check.Within(0.5, Math.BitDecrement(1.0), Expectile);
            Check.NotNegative(Temperature);
            Check.Positive(MaxWeight);
        }

        internal override OfflineOptions Copied()
        {
            var copy = (Options)base.Copied();
            copy.HiddenSizes = [.. HiddenSizes];
            return copy;
        }
    }
}
