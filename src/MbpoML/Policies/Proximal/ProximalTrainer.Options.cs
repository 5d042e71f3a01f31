using MbpoML.Numerics;
using MbpoML.Policies.OnPolicy;

namespace MbpoML.Policies.Proximal;

public sealed partial class ProximalTrainer
{
    /// <summary>
    /// The hyper-parameters of proximal policy optimization. The defaults are those of Stable-Baselines3 for continuous control (PPO with MlpPolicy), unless
    /// said otherwise.
    /// </summary>
    public sealed class Options : OnPolicyOptions
    {
        /// <summary>
        /// The settings of Stable-Baselines3: <see cref="OnPolicyOptions.HiddenSizes"/> are 64 and 64, <see cref="OnPolicyOptions.Discount"/> is 0.99,
        /// <see cref="OnPolicyOptions.Lambda"/> 0.95, and <see cref="OnPolicyOptions.ValueCutEpisodes"/> true.
        /// </summary>
        public Options() => (HiddenSizes, Discount, Lambda, ValueCutEpisodes) = ([64, 64], 0.99, 0.95, true);

        /// <summary>ε, how far the ratio of new and old probability may leave 1 and still gain, above 0. Default 0.2 (clip_range).</summary>
        public double Clip { get; set; } = 0.2;

        /// <summary>The most passes over the rows of an update, at least 1. Default 10 (n_epochs).</summary>
        public int Epochs { get; set; } = 10;

        /// <summary>Rows of a minibatch, at least 1. Default 64 (batch_size).</summary>
        public int BatchSize { get; set; } = 64;

        /// <summary>The step size of Adam, for policy and values, above 0. Default 3e-4 (learning_rate).</summary>
        public double LearningRate { get; set; } = 3e-4;

        /// <summary>
        /// Passes end as soon as the mean Kullback-Leibler divergence of the new policy from the old one is above this, in nats; null: never. Default 0.015:
        /// one and a half times target_kl of OpenAI's Spinning Up; Stable-Baselines3 has no bound.
        /// </summary>
        public double? DivergenceBound { get; set; } = 0.015;

        /// <summary>The largest Euclidean norm of a gradient, of policy and values each; null: any. Default 0.5 (max_grad_norm).</summary>
        public double? GradientClipping { get; set; } = 0.5;

        /// <summary>What the entropy of the Gaussian counts in the surrogate, at least 0. Default 0 (ent_coef).</summary>
        public double EntropyCoefficient { get; set; }

        internal override void Validate()
        {
            base.Validate();
            Check.Positive(Clip);
            Check.AtLeast(1, Epochs);
            Check.AtLeast(1, BatchSize);
            Check.Positive(LearningRate);
            if (DivergenceBound is { } bound) Check.Positive(bound, nameof(DivergenceBound));
            if (GradientClipping is { } clipping) Check.Positive(clipping, nameof(GradientClipping));
            Check.NotNegative(EntropyCoefficient);
        }

        internal Options Copy() => (Options)Copied();
    }
}
