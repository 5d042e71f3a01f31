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
        /// λ, how much of the model's uncertainty is taken from each imagined reward, at least 0; 0 trusts the model everywhere. Default: 10, our choice in
        /// the units of <see cref="StandardizesPenalty"/>: a policy that dares too little costs less than one that exploits the model. OfflineRL-Kit has
        /// from 0.5 to 5 in raw units.
        /// </summary>
        public double Penalty { get; set; } = 10;

        /// <summary>
        /// What counts as uncertainty. Default: <see cref="ModelUncertainty.MeanDisagreement"/>, a variant of OfflineRL-Kit and our choice: where a plant
        /// has little noise, predicted deviations stay small beyond the log. The paper has <see cref="ModelUncertainty.LargestDeviation"/>. Neither the model's
        /// own word on a known <see cref="OfflineOptions.Reward"/> counts, nor that on <see cref="OfflineOptions.SetPoints"/>.
        /// </summary>
        public ModelUncertainty Uncertainty { get; set; } = ModelUncertainty.MeanDisagreement;

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

        internal IRolloutRule? Rule() => Penalty == 0 ? null : new UncertaintyPenalty(
            Penalty, Uncertainty, StandardizesPenalty, CountedOutputs.Of(this));
    }
}
