using MbpoML.Numerics;
using MbpoML.Policies.OnPolicy;

namespace MbpoML.Policies.TrustRegion;

public sealed partial class TrustRegionTrainer
{
    /// <summary>
    /// The hyper-parameters of trust region policy optimization. The defaults are those of ME-TRPO (thanard/me-trpo, which takes them from rllab), unless said
    /// otherwise.
    /// </summary>
    public sealed class Options : OnPolicyOptions
    {
        /// <summary>
        /// The settings of ME-TRPO: <see cref="OnPolicyOptions.Discount"/> and <see cref="OnPolicyOptions.Lambda"/> are 1, and
        /// <see cref="OnPolicyOptions.ValueCutEpisodes"/> is false: the aim is the return of the imagined steps.
        /// </summary>
        public Options() => (Discount, Lambda) = (1, 1);

        /// <summary>δ, the most mean Kullback-Leibler divergence of the new policy from the old one, in nats, above 0. Default 0.01 (step_size).</summary>
        public double DivergenceBound { get; set; } = 0.01;

        /// <summary>Products with the Fisher matrix in a step, at least 1. Default 10 (cg_iters).</summary>
        public int ConjugateGradientSteps { get; set; } = 10;

        /// <summary>What is added to the diagonal of the Fisher matrix, at least 0. Default 1e-5 (reg_coeff).</summary>
        public double Damping { get; set; } = 1e-5;

        /// <summary>
        /// The share of the rows that the Fisher matrix is the mean over, above 0 and at most 1; every so many rows one is taken. Default 1
        /// (subsample_factor); a tenth is enough for tens of thousands of rows.
        /// </summary>
        public double FisherShare { get; set; } = 1;

        /// <summary>The most lengths of the step that are tried, at least 1. Default 15 (max_backtracks).</summary>
        public int Backtracks { get; set; } = 15;

        internal override void Validate()
        {
            base.Validate();
            Check.Positive(DivergenceBound);
            Check.AtLeast(1, ConjugateGradientSteps);
            Check.NotNegative(Damping);
            Check.Within(0, 1, Check.Positive(FisherShare), nameof(FisherShare));
            Check.AtLeast(1, Backtracks);
        }

        internal Options Copy() => (Options)Copied();
    }
}
