using MbpoML.Algorithms.Offline.Imagined;
using MbpoML.Imagination;
using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

public sealed partial class MopoTrainer
{
    /// <summary>The settings of MOPO.</summary>
    public sealed class Options : ImaginingOptions
    {
        /// <summary>
        /// λ, how much of the model's uncertainty is taken from each imagined reward, at least 0; 0 trusts the model everywhere. Default: 2.5 (OfflineRL-Kit
        /// has from 0.5 to 5): a policy that dares too little costs less than one that exploits the model.
        /// </summary>
        public double Penalty { get; set; } = 2.5;

        /// <summary>What counts as uncertainty. Default: <see cref="ModelUncertainty.LargestDeviation"/> (MOPO).</summary>
        public ModelUncertainty Uncertainty { get; set; }

        /// <summary>
        /// Whether uncertainty counts in units of what the log varies by, and its penalty in units of the deviation of the rewards, so that λ means the same
        /// for every plant. Default: true, our choice; the official code takes raw units.
        /// </summary>
        public bool StandardizesPenalty { get; set; } = true;

        internal override void Validate()
        {
            base.Validate();
            Check.NotNegative(Penalty);
            Check.Defined(Uncertainty);
        }

        internal IRolloutRule? Rule() => Penalty == 0 ? null : new UncertaintyPenalty(Penalty, Uncertainty, StandardizesPenalty);
    }
}
