using MbpoML.Algorithms.Offline.Imagined;
using MbpoML.Imagination;
using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

public sealed partial class MorelTrainer
{
    /// <summary>The settings of MOReL.</summary>
    public sealed class Options : ImaginingOptions
    {
        /// <summary>
        /// A step is unknown where members disagree by more than the largest disagreement in the log over this. Larger knows less. Default: 3 (mjrl,
        /// Hopper-medium). Neither the model's own word on a known <see cref="OfflineOptions.Reward"/> counts, nor that on
        /// <see cref="OfflineOptions.SetPoints"/>.
        /// </summary>
        public double PessimismCoefficient { get; set; } = 3;

        /// <summary>
        /// The reward of the halt state: for so many steps the lowest logged reward, less the range of the rewards. Default: 100 steps, the
        /// horizon of a discount of 0.99, so that no known way is worse. Our choice; other implementations have the lowest reward less 30 to 200.
        /// </summary>
        public int HaltSteps { get; set; } = 100;

        internal override void Validate()
        {
            base.Validate();
            Check.Positive(PessimismCoefficient);
            Check.AtLeast(1, HaltSteps);
        }

        internal IRolloutRule Rule() => new HaltRule(PessimismCoefficient, HaltSteps, CountedOutputs.Of(this));
    }
}
