using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

public sealed partial class IqlTrainer
{
    /// <summary>The settings of implicit Q-learning. The defaults are those of the paper and of CORL for locomotion, unless said otherwise.</summary>
    public sealed class Options : CriticOptions
    {
        /// <summary>
        /// τ of the values, from 0.5 to below 1: 0.5 values the log's own actions, larger ones the best among them. Default: 0.7.
        /// </summary>
        public double Expectile { get; set; } = 0.7;

        /// <summary>β, how much more the better actions are copied, at least 0; 0 copies all alike. Default: 3.</summary>
        public double Temperature { get; set; } = 3;

        /// <summary>The largest weight of a copied action. Default: 100.</summary>
        public double MaxWeight { get; set; } = 100;

        /// <summary>Whether rewards are multiplied with 1000 over the range of the episodes' returns, on which
        /// the temperature depends. Default: true.</summary>
        public bool NormalizeRewards { get; set; } = true;

        internal override void Validate()
        {
            base.Validate();
            Check.Within(0.5, Math.BitDecrement(1.0), Expectile);
            Check.NotNegative(Temperature);
            Check.Positive(MaxWeight);
        }
    }
}
