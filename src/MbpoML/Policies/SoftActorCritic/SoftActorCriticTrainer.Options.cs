using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;

namespace MbpoML.Policies.SoftActorCritic;

public sealed partial class SoftActorCriticTrainer
{
    /// <summary>
    /// The hyper-parameters of soft actor-critic. The defaults are those of the official MBPO code (jannerm/mbpo, softlearning), unless said otherwise.
    /// </summary>
    public sealed class Options
    {
        /// <summary>The sizes of the hidden ReLU layers of actor and critics. Default 256 and 256.</summary>
        public IReadOnlyList<int> HiddenSizes { get; set; } = [256, 256];

        /// <summary>The learning rate of Adam for actor, critics and entropy coefficient. Default 3e-4.</summary>
        public double LearningRate { get; set; } = 3e-4;

        /// <summary>The learning rate of the actor alone. Default null: <see cref="LearningRate"/>. Offline methods have 3e-4.</summary>
        public double? ActorLearningRate { get; set; }

        /// <summary>The learning rate of the entropy coefficient alone. Default null: <see cref="LearningRate"/>. Offline methods have 1e-3.</summary>
        public double? EntropyLearningRate { get; set; }

        /// <summary>γ, how much a reward counts one step later, from 0 to 1. Default 0.99.</summary>
        public double Discount { get; set; } = 0.99;

        /// <summary>τ, how far the target critics move towards the critics in each update, above 0 and at most 1. Default 0.005.</summary>
        public double TargetSmoothing { get; set; } = 0.005;

        /// <summary>What rewards are multiplied with. Default 1.</summary>
        public double RewardScale { get; set; } = 1;

        /// <summary>
        /// The entropy that the learned coefficient keeps the policy at, in nats of actions scaled to [-1, 1]. Default null: minus the number of action
        /// dimensions.
        /// </summary>
        /// <remarks>Lower means a more determined policy. MBPO's own tasks use from -0.05 (inverted pendulum) to -4 (ant).</remarks>
        public double? TargetEntropy { get; set; }

        /// <summary>A constant entropy coefficient α, at least 0, or null to learn it, starting at 1. Default null.</summary>
        public double? EntropyCoefficient { get; set; }

        /// <summary>The largest entropy coefficient α while it is learned, above 0. Default null: no limit. MOBILE has 1.</summary>
        public double? MaxEntropyCoefficient { get; set; }

        /// <summary>
        /// Whether the critics' target counts the entropy of the actions to come. Default true, as in the official code; MOBILE leaves it out.
        /// </summary>
        public bool EntropyInTarget { get; set; } = true;

        /// <summary>
        /// The critics' target is not below this, in units of reward times <see cref="RewardScale"/>. Default null: no bound. The official MOBILE has 0,
        /// which is wrong where rewards may be negative.
        /// </summary>
        public double? LeastTarget { get; set; }

        /// <summary>
        /// Whether actor and critics see observations of zero mean and unit variance. The scales are those of the first minibatch and then stay, so that
        /// weights and scales never disagree; they become part of the policy. Default false, as in the official code; worth trying where observations are far
        /// from unit size.
        /// </summary>
        public bool StandardizeObservations { get; set; }

        /// <summary>
        /// Whether rewards are divided by their root mean square, beside <see cref="RewardScale"/>, so that critics and entropy meet numbers of order one
        /// whatever the unit of the reward. The scale is that of the first minibatch and then stays. A minibatch without any reward leaves it at 1. Default
        /// false, as in the official code.
        /// </summary>
        public bool NormalizeRewards { get; set; }

        /// <summary>
        /// H, the imagined steps that the critics' target looks ahead through the dynamics model before it asks the target critics (model-based value
        /// expansion), from 0 to 1000. Every row of a minibatch costs H predictions more. Default 0: none, as in the official code; the paper's ablation "value
        /// expansion" has 1 and more, without imagined transitions (<see cref="Algorithms.Mbpo.MbpoTrainer.Options.RealRatio"/> 1) and with them.
        /// </summary>
        /// <remarks>Only inside the MBPO trainer, which has the model.</remarks>
        public int ValueExpansionSteps { get; set; }

        /// <summary>
        /// The largest Euclidean norm of a network's gradient in an update; a longer one is shortened to it. Each critic and the actor count alone; the entropy
        /// coefficient is left as it is. Default null: gradients are not clipped, as in the official code.
        /// </summary>
        public double? GradientClipping { get; set; }

        /// <summary>
        /// Learning stops with a <see cref="LearningException"/> when the critics' mean value over the updates of a step is beyond this, in units of reward
        /// times <see cref="RewardScale"/>. Default null: 1000 times what rewards can add up to, (1 + RewardScale · largest |reward| + largest |entropy
        /// bonus|) / (1 - <see cref="Discount"/>), and at least 1000 times the first mean value. Our choice; <see cref="double.MaxValue"/> switches it off.
        /// </summary>
        public double? MaxAbsoluteQ { get; set; }

        /// <summary>Rows in a minibatch when the estimator is used alone. Default 256.</summary>
        public int BatchSize { get; set; } = 256;

        /// <summary>
        /// Updates of one Fit when the estimator is used alone; the MBPO trainer counts its own. Default 10000, our choice: about a minute on one core.
        /// </summary>
        public int Updates { get; set; } = 10_000;

        /// <summary>The bounds of the actions in the transitions when the estimator is used alone. Default null: [-1, 1] in each dimension.</summary>
        public BoxSpace? ActionSpace { get; set; }

        /// <summary>The seed of weights, noise and minibatches when the estimator is used alone. Default null: from the MLContext's random stream.</summary>
        [MayChangeOnResume]
        public int? Seed { get; set; }

        /// <summary>
        /// Where training runs: "cpu", "cuda" or "cuda:1". Default null: the device of the MBPO trainer, and "cpu" when the estimator is used alone.
        /// </summary>
        [MayChangeOnResume]
        public string? Device { get; set; }

        /// <summary>Which implementation of the update runs. Default <see cref="Acceleration.Auto"/>.</summary>
        [MayChangeOnResume]
        public Acceleration Acceleration { get; set; } = Acceleration.Auto;

        /// <summary>
        /// Threads of the CPU's fast path, 1 or 2. Default 1, which lets several trainings run side by side, one a core; 2 makes a single one faster, with the
        /// same results to the bit.
        /// </summary>
        [MayChangeOnResume]
        public int Workers { get; set; } = 1;

        /// <summary>The column that a fitted policy adds for its actions. Default "Action".</summary>
        public string OutputColumnName { get; set; } = TransitionColumns.DefaultAction;

        internal void Validate()
        {
            Check.HiddenSizes(HiddenSizes);
            Check.Positive(LearningRate);
            if (ActorLearningRate is { } actorRate) Check.Positive(actorRate, nameof(ActorLearningRate));
            if (EntropyLearningRate is { } entropyRate) Check.Positive(entropyRate, nameof(EntropyLearningRate));
            if (MaxEntropyCoefficient is { } most) Check.Positive(most, nameof(MaxEntropyCoefficient));
            if (LeastTarget is { } least) Check.Finite(least, nameof(LeastTarget));
            Check.Within(0, 1, Discount);
            Check.Within(0, 1, Check.Positive(TargetSmoothing), nameof(TargetSmoothing));
            Check.Positive(RewardScale);
            Check.Within(0, 1000, ValueExpansionSteps);
            if (TargetEntropy is { } targetEntropy) Check.Finite(targetEntropy, nameof(TargetEntropy));
            if (EntropyCoefficient is { } entropyCoefficient) Check.NotNegative(entropyCoefficient, nameof(EntropyCoefficient));
            if (GradientClipping is { } clipping) Check.Positive(clipping, nameof(GradientClipping));
            if (MaxAbsoluteQ is { } limit) Check.Positive(limit, nameof(MaxAbsoluteQ));
            Check.AtLeast(1, BatchSize);
            Check.AtLeast(1, Updates);
            if (ActionSpace is { IsBounded: false })
                throw new ArgumentException($"{nameof(ActionSpace)} must have finite bounds: the policy's tanh is scaled onto them.", nameof(ActionSpace));
            if (ActionSpace is { } actions) _ = new ActionBounds(actions, nameof(ActionSpace));
            if (!Enum.IsDefined(Acceleration))
                throw new ArgumentOutOfRangeException(nameof(Acceleration), Acceleration, $"{nameof(Acceleration)} must be Auto or Reference.");
            Check.Within(1, 2, Workers);
            ArgumentException.ThrowIfNullOrWhiteSpace(OutputColumnName);
            Devices.Validate(Device);
        }

        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            copy.HiddenSizes = [.. HiddenSizes];
            return copy;
        }
    }
}
