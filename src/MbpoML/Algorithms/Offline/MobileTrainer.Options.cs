using MbpoML.Algorithms.Offline.Imagined;
using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

public sealed partial class MobileTrainer
{
    /// <summary>The settings of MOBILE.</summary>
    public sealed class Options : ImaginingOptions
    {
        /// <summary>
        /// λ, how much of the members' disagreement about the value that follows is taken from a critic's target, at least 0. Default: 1.5 (the official code
        /// has from 0.1 to 2).
        /// </summary>
        public double Penalty { get; set; } = 1.5;

        /// <summary>
        /// Next states that each member draws for that; 0 takes its mean. All members have the same noise, so that it does not count as disagreement. Default:
        /// 1, our choice; the official code has 10, whose updates take several times as long.
        /// </summary>
        public int Samples { get; set; } = 1;

        internal override void Validate()
        {
            base.Validate();
            Check.NotNegative(Penalty);
            Check.Within(0, 1000, Samples);
        }

        internal ValueInconsistency? Inconsistency() => Penalty == 0 ? null : new ValueInconsistency(Penalty, Samples);
    }
}
